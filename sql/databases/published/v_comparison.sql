-- Comparisons with the names of areas and measures.
select
    comparison.wave,
    comparison.area_id,
    area.label as area,
    comparison.grade,
    comparison.gender,
    comparison.measure_id,
    measure.label_sv as measure_sv,
    measure.label_en as measure_en,
    comparison.kind,
    comparison.reference,
    comparison.status,
    comparison.verdict,
    comparison.second_percent,
    comparison.difference
from comparison
left join area
    on comparison.wave = area.wave and comparison.area_id = area.area_id
left join measure on comparison.measure_id = measure.measure_id
