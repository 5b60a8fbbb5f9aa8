"""The lines and captions of the drawn CMS-1500, in points from the sheet's upper left corner.

Source: the public-domain form 02/12, measured to about a point; captions in our own short words.
"""

from __future__ import annotations

_L, _R, _M = 24.6, 593.0, 375.6  # frame, and the right column
_W = 230.9  # the middle column of items 2 to 10

# (height, from, to, thickness)
HORIZONTALS: tuple[tuple[float, float, float, float], ...] = (
    (96.5, _L, _R, 2.0), (121, _L, _R, 0.6), (144, _L, _R, 0.6), (169, _L, _R, 0.6),
    (192, _L, _W, 0.6), (192, _M, _R, 0.6), (217, _L, _R, 0.6), (240, _L, _R, 0.6),
    (263, _L, _M, 0.6), (264.5, _M, _R, 0.6), (288, _L, _R, 0.6), (312, _L, _R, 0.6),
    (337, _L, _R, 0.6), (384.5, _L, _R, 2.0), (408, _L, _R, 0.6), (432, _L, _R, 0.6),
    (456, _L, _R, 0.6), (480, _M, _R, 0.6), (504.8, _L, _R, 0.6), (527.5, _L, _R, 0.6),
    (551.5, _L, _R, 0.6), (575.5, _L, _R, 0.6), (599.5, _L, _R, 0.6), (623.5, _L, _R, 0.6),
    (647.5, _L, _R, 0.6), (671.5, _L, _R, 0.6), (695.5, _L, _R, 0.6), (742.3, 180.9, _R, 0.6),
    (756.5, _L, _R, 2.0),
)  # fmt: skip

# (from the left, from, to)
VERTICALS: tuple[tuple[float, float, float], ...] = (
    (_L, 96.5, 756.5), (_R, 96.5, 756.5), (_M, 96.5, 756.5), (_W, 121, 337),
    (202, 169, 192), (115.5, 192, 217), (546, 169, 192), (467, 192, 217),
    (217, 384.5, 432), (233, 408, 432), (249, 408, 432),
    (151.4, 504.8, 671.5), (174.4, 504.8, 671.5), (196, 504.8, 671.5), (248.4, 504.8, 671.5),
    (338.9, 504.8, 671.5), (439.4, 504.8, 671.5), (468.3, 504.8, 671.5), (483.3, 504.8, 671.5),
    (504.3, 504.8, 671.5), (180.9, 671.5, 756.5), (286.4, 671.5, 695.5), (456.4, 671.5, 695.5),
    (524.8, 671.5, 695.5), (264.4, 742.3, 756.5), (458.7, 742.3, 756.5),
)  # fmt: skip

# Dotted, between dollars and cents: (from the left, from, to).
DOTTED: tuple[tuple[float, float, float], ...] = (
    (420.4, 527.5, 671.5), (434.8, 680, 695.5), (506.8, 680, 695.5), (528.4, 441, 456),
)  # fmt: skip

# (left, baseline, words)
CAPTIONS: tuple[tuple[float, float, str], ...] = (
    (26.6, 103, "1."), (40, 115, "MEDICARE"), (90, 115, "MEDICAID"), (140, 115, "TRICARE"),
    (205, 115, "CHAMPVA"), (255, 115, "GROUP PLAN"), (313, 115, "FECA"), (356, 115, "OTHER"),
    (377.6, 103, "1a. INSURED’S I.D. NUMBER"),
    (26.6, 127.5, "2. PATIENT’S NAME (Last, First, Middle initial)"),
    (232.9, 127.5, "3. PATIENT’S BIRTH DATE"), (324, 127.5, "SEX   M"), (364, 127.5, "F"),
    (377.6, 127.5, "4. INSURED’S NAME (Last, First, Middle initial)"),
    (26.6, 150.5, "5. PATIENT’S ADDRESS (No., Street)"),
    (232.9, 150.5, "6. PATIENT’S RELATIONSHIP TO INSURED"),
    (241, 165, "Self"), (269, 165, "Spouse"), (302, 165, "Child"), (336, 165, "Other"),
    (377.6, 150.5, "7. INSURED’S ADDRESS (No., Street)"),
    (26.6, 175.5, "CITY"), (204, 175.5, "STATE"), (232.9, 175.5, "8. RESERVED FOR NUCC USE"),
    (377.6, 175.5, "CITY"), (548, 175.5, "STATE"),
    (26.6, 198.5, "ZIP CODE"), (117.5, 198.5, "TELEPHONE"), (377.6, 198.5, "ZIP CODE"),
    (469, 198.5, "TELEPHONE"),
    (26.6, 223.5, "9. OTHER INSURED’S NAME (Last, First, Middle initial)"),
    (232.9, 223.5, "10. IS PATIENT’S CONDITION RELATED TO:"),
    (377.6, 223.5, "11. INSURED’S POLICY GROUP OR FECA NUMBER"),
    (26.6, 246.5, "a. OTHER INSURED’S POLICY OR GROUP NUMBER"),
    (232.9, 246.5, "a. EMPLOYMENT?"), (284, 259, "YES"), (327, 259, "NO"),
    (377.6, 246.5, "a. INSURED’S DATE OF BIRTH"), (498, 259, "M"), (573, 259, "F"),
    (26.6, 269.5, "b. RESERVED FOR NUCC USE"), (232.9, 269.5, "b. AUTO ACCIDENT?   PLACE (State)"),
    (284, 283, "YES"), (327, 283, "NO"), (377.6, 270.5, "b. OTHER CLAIM ID"),
    (26.6, 294.5, "c. RESERVED FOR NUCC USE"), (232.9, 294.5, "c. OTHER ACCIDENT?"),
    (284, 307, "YES"), (327, 307, "NO"),
    (377.6, 294.5, "c. INSURANCE PLAN NAME OR PROGRAM NAME"),
    (26.6, 318.5, "d. INSURANCE PLAN NAME OR PROGRAM NAME"), (232.9, 318.5, "10d. CLAIM CODES"),
    (377.6, 318.5, "d. IS THERE ANOTHER HEALTH BENEFIT PLAN?"), (406, 331, "YES"),
    (442, 331, "NO   If yes, items 9, 9a and 9d"),
    (26.6, 343.5, "12. PATIENT’S OR AUTHORIZED PERSON’S SIGNATURE: release of what is needed"),
    (34, 380, "SIGNED"), (256, 380, "DATE"),
    (377.6, 343.5, "13. INSURED’S SIGNATURE: payment to the provider"), (385, 380, "SIGNED"),
    (26.6, 391, "14. DATE OF ILLNESS, INJURY or PREGNANCY"), (124, 404, "QUAL."),
    (219, 391, "15. OTHER DATE"), (222, 404, "QUAL."),
    (377.6, 391, "16. DATES PATIENT UNABLE TO WORK IN CURRENT OCCUPATION"),
    (382, 404, "FROM"), (489, 404, "TO"),
    (26.6, 414.5, "17. NAME OF REFERRING PROVIDER OR OTHER SOURCE"),
    (219, 416, "17a."), (219, 429, "17b."), (236, 429, "NPI"),
    (377.6, 414.5, "18. HOSPITALIZATION DATES RELATED TO CURRENT SERVICES"),
    (382, 428, "FROM"), (489, 428, "TO"),
    (26.6, 438.5, "19. ADDITIONAL CLAIM INFORMATION"),
    (377.6, 438.5, "20. OUTSIDE LAB?"), (406, 451, "YES"), (442, 451, "NO"),
    (474, 438.5, "$ CHARGES"),
    (26.6, 462.5, "21. DIAGNOSIS OR NATURE OF ILLNESS OR INJURY"), (284, 464, "ICD Ind."),
    *((x, 476, letter) for x, letter in ((30, "A."), (124, "B."), (217, "C."), (311, "D."))),
    *((x, 488, letter) for x, letter in ((30, "E."), (124, "F."), (217, "G."), (311, "H."))),
    *((x, 500, letter) for x, letter in ((30, "I."), (124, "J."), (217, "K."), (311, "L."))),
    (377.6, 462.5, "22. RESUBMISSION CODE"), (464, 462.5, "ORIGINAL REF. NO."),
    (377.6, 486.5, "23. PRIOR AUTHORIZATION NUMBER"),
    (26.6, 511.5, "24. A. DATES OF SERVICE"), (30, 524, "MM  DD  YY   From"), (94, 524, "MM  DD  YY   To"),
    (153.4, 511.5, "B."), (153.4, 524, "PLACE"), (176.4, 511.5, "C."), (176.4, 524, "EMG"),
    (198, 511.5, "D. PROCEDURES, SERVICES, OR SUPPLIES"), (198, 524, "CODE"), (264, 524, "MODIFIER"),
    (340.9, 511.5, "E. DIAG."), (340.9, 524, "POINTER"), (377.6, 511.5, "F."), (377.6, 524, "$ CHARGES"),
    (441.4, 511.5, "G. UNITS"), (469.5, 511.5, "H."), (469.5, 524, "FP"), (485.3, 511.5, "I."),
    (485.3, 524, "QUAL."), (506.3, 511.5, "J. RENDERING PROVIDER ID"),
    *((485.6, 548 + 24 * line, "NPI") for line in range(6)),
    (26.6, 677.5, "25. FEDERAL TAX I.D. NUMBER"), (139, 677.5, "SSN   EIN"),
    (182.9, 677.5, "26. PATIENT’S ACCOUNT NO."), (288.4, 677.5, "27. ACCEPT ASSIGNMENT?"),
    (306, 690, "YES"), (342, 690, "NO"), (377.6, 677.5, "28. TOTAL CHARGE"),
    (458.4, 677.5, "29. AMOUNT PAID"), (526.8, 677.5, "30. RESERVED"),
    (26.6, 701.5, "31. SIGNATURE OF PHYSICIAN OR SUPPLIER"), (28, 753, "SIGNED"), (130, 753, "DATE"),
    (182.9, 701.5, "32. SERVICE FACILITY LOCATION INFORMATION"),
    (377.6, 701.5, "33. BILLING PROVIDER INFO & PH #"),
    (182.9, 747, "a."), (266.4, 747, "b."), (377.6, 747, "a."), (459.7, 747, "b."),
)  # fmt: skip
