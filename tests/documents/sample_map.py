"""A handmade map: a hole, an islet, a name that looks like markup."""

from pipeline.documents.map_view import AreaMap, MapShape

SAMPLE_MAP = AreaMap(
    width=516,
    height=1016,
    shapes=(
        MapShape("Söderby", (((8, 508), (508, 508), (508, 1008), (8, 1008)),), False),
        MapShape(
            "Åby & <i>Ö</i>",
            (
                ((8, 8), (508, 8), (508, 508), (8, 508)),
                ((208, 208), (308, 208), (308, 308), (208, 308)),
            ),
            False,
        ),
        MapShape("Norrby", (((208, 208), (308, 208), (308, 308), (208, 308)),), True),
    ),
    sign=(258, 258, 60),
    part="northwest",
    neighbours=("Söderby", "Åby & <i>Ö</i>"),
    has_more_neighbours=False,
)
