-- One finest cell: the sums over its respondents from which everything later is computed.
-- Measures are wide: a column each of n_<measure> (respondents with a value and a weight above
-- 0), w_<measure> (sum of their weights) and wy_<measure> (sum of weight times value); and
-- wy_square_<factor> (sum of weight times squared score). All sums are exact.
--
-- grain: wave, area_id, cell_grade, cell_gender, stratum, psu, unit
-- units: n_*: respondents; w_*: weights; wy_*: weights times 0 or 1, or times points
-- reads: scores.respondent_factor, staging.respondent_area, ref.wave
-- drops: respondents refused or set aside by a screen
with analysed as (
    select
        respondent_factor.*,
        -- Who has no known area still belongs to the largest one.
        coalesce(respondent_area.area_id, wave.root_area) as area_id
    from scores.respondent_factor as respondent_factor
    inner join ref.wave as wave on respondent_factor.wave = wave.wave
    left join staging.respondent_area as respondent_area
        on
            respondent_factor.wave = respondent_area.wave
            and respondent_factor.respondent_id = respondent_area.respondent_id
    where respondent_factor.is_analysed
)

select
    analysed.wave,
    analysed.area_id,
    coalesce(analysed.grade, '') as cell_grade,
    coalesce(analysed.gender, '') as cell_gender,
    analysed.stratum,
    analysed.psu,
    -- Sampled within the PSU, where the wave states such a second stage.
    coalesce(analysed.unit, '') as unit,
    count(*) as n_respondents,
    -- Whose weight is 0 stands for nobody: no figure rests on them.
    count(
        case when analysed.weight > 0 then columns('^(?:is_flagged|score|outcome)_.*$') end
    ) as 'n_\0',
    sum(
        case
            when columns('^(?:is_flagged|score|outcome)_.*$') is null then 0
            else analysed.weight
        end
    ) as 'w_\0',
    coalesce(
        sum(analysed.weight * columns('^(?:is_flagged|score|outcome|square)_.*$')), 0
    ) as 'wy_\0'
from analysed
group by
    analysed.wave, analysed.area_id,
    analysed.grade, analysed.gender, analysed.stratum, analysed.psu, analysed.unit
