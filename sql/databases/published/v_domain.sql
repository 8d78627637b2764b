-- Numbers of respondents with the names of areas.
select
    domain.wave,
    domain.area_id,
    area.label as area,
    area.level,
    domain.grade,
    domain.gender,
    domain.status,
    domain.n_respondents
from domain
left join area
    on domain.wave = area.wave and domain.area_id = area.area_id
