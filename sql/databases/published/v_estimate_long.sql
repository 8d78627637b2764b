-- Figures with the names of areas and measures. No figure is lost for want of a name.
select
    estimate.wave,
    estimate.area_id,
    area.label as area,
    area.level,
    estimate.grade,
    estimate.gender,
    estimate.measure_id,
    measure.label_sv as measure_sv,
    measure.label_en as measure_en,
    measure.kind,
    estimate.status,
    estimate.n,
    estimate.n_flagged,
    estimate.percent,
    estimate.percent_lower,
    estimate.percent_upper,
    estimate.is_unreliable,
    estimate.is_suppressed
from estimate
left join area
    on estimate.wave = area.wave and estimate.area_id = area.area_id
left join measure on estimate.measure_id = measure.measure_id
