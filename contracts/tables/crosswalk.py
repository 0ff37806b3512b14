"""What a reorganisation changed: each old reference beside the one that took its place."""

from __future__ import annotations

from contracts.columns import Kind, Table, column

TABLES: tuple[Table, ...] = (
    Table(
        name="id_crosswalk",
        source="crosswalk",
        says="One reference that a new council issued in place of a former one's.",
        key=("of_source", "of_column", "old_controller", "old_id"),
        business=(
            column("of_source", Kind.TEXT, "O", "Source of the reference.", required=True),
            column("of_column", Kind.TEXT, "O", "Column that holds it.", required=True),
            column(
                "old_controller",
                Kind.TEXT,
                "O",
                "Code of the former controller, as the place's settings have it.",
                required=True,
            ),
            column("old_id", Kind.TEXT, "I", "The reference until then.", required=True),
            column(
                "new_controller",
                Kind.TEXT,
                "O",
                "Code of the controller that has taken over.",
                required=True,
            ),
            column("new_id", Kind.TEXT, "I", "The reference since.", required=True),
            column("changed_on", Kind.DATE, "O", "First day of the new reference.", required=True),
        ),
    ),
)
