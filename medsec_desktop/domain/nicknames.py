"""Given names by which one person goes, as far as letters alone do not show it: Bill for William."""

from __future__ import annotations

from collections import defaultdict

# A full name, and after the colon what is common for it in the United States.
_CALLED = """
abigail: abby gail; albert: al bert; alexander: alex sandy sasha xander; alexandra: alex sandra
sasha; alfred: al fred; andrew: andy drew; anthony: tony; antonio: tony; arthur: art; barbara: babs
barb; bernard: bernie; catherine: cathy kate katie kitty; charles: charlie chuck chip; christina:
chris tina; christine: chris tina; christopher: chris kit topher; cynthia: cindy; daniel: danny;
deborah: deb debbie; donald: don; dorothy: dot dottie dolly; edward: eddie ned ted; eleanor: ellie
nell nora; elizabeth: beth betsy betty eliza liz lizzie lisa libby; eugene: gene; frances: fran
frannie; francis: frank; francisco: frank paco pancho; frederick: freddy fritz; gerald: gerry jerry;
guadalupe: lupe; harold: hal harry; henry: hank harry; ignacio: nacho; isabel: izzy bella; jacob:
jake; jacqueline: jackie; james: jim jimmy jamie; jesus: chuy; john: jack johnny; jonathan: jon; jose:
pepe; joseph: joe joey; judith: judy; katherine: kathy kate katie kitty kay; kathleen: kathy kate;
lawrence: larry; leonard: len; lillian: lily; manuel: manny; margaret: maggie meg peggy marge greta
daisy; martha: patty; mary: molly polly mamie; michael: mike mick mickey; nicholas: nick nicky;
patricia: pat patty tricia trish; patrick: pat paddy; peter: pete; philip: phil; phillip: phil;
rebecca: becca becky; richard: dick rick ricky; robert: bob bobby rob; rudolph: rudy; sandra: sandy;
sarah: sadie sally; stephen: steve; steven: steve; susan: sue susie; suzanne: sue; teresa: terry tess;
theodore: ted teddy; theresa: terry tess; thomas: tom tommy; virginia: ginny; william: bill billy
will willie liam
"""


def _full_names() -> dict[str, frozenset[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for entry in " ".join(_CALLED.split()).split("; "):
        full, _, short = entry.partition(": ")
        for name in (full, *short.split()):
            found[name].add(full)
    return {name: frozenset(full) for name, full in found.items()}


_FULL_NAMES = _full_names()
_NOBODYS: frozenset[str] = frozenset()


def same_for_short(one: str, two: str) -> bool:
    """Whether two folded given names are ways to call one: Bill, Billy and William."""
    return bool(_FULL_NAMES.get(one, _NOBODYS) & _FULL_NAMES.get(two, _NOBODYS))
