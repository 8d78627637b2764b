-- One finest cell: the sums over its respondents from which everything later is computed.
-- Measures are wide: a column each of n_<measure> (respondents with a value and a weight above
-- 0), w_<measure> (sum of their weights), wy_<measure> (sum of weight times value) and, but for
-- flags, wyy_<measure> (sum of weight times squared value); of all respondents n_respondents,
-- w_respondents (sum of weights) and ww_respondents (sum of squared weights). All sums are exact.
--
-- grain: wave, area_id, cell_grade, cell_gender, stratum, psu, unit
-- units: n_*: respondents; w_*: weights; ww_*: squared weights; wy_*: weights times 0 or 1, or
--     times points; wyy_*: times points squared
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
    where
        respondent_factor.is_analysed
        -- Built one wave at a time: the groups of all waves together do not fit in memory.
        and respondent_factor.wave = getvariable('wave')
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
    sum(analysed.weight) as w_respondents,
    sum(analysed.weight * analysed.weight) as ww_respondents,
    -- Whose weight is 0 stands for nobody: no figure rests on them.
    count(
        case when analysed.weight > 0 then columns('^(?:is_flagged|score|outcome)_.*$') end
    ) as 'n_\0',
    coalesce(
        sum(
            case
                when columns('^(?:is_flagged|score|outcome)_.*$') is not null
                    then analysed.weight
            end
        ), 0
    ) as 'w_\0',
    coalesce(
        sum(analysed.weight * columns('^(?:is_flagged|score|outcome)_.*$')), 0
    ) as 'wy_\0',
    -- Squares are rounded as scores are: three decimals multiplied have more digits than fit.
    coalesce(
        sum(
            analysed.weight
            * (
                columns('^(?:score|outcome)_.*$')::double
                * columns('^(?:score|outcome)_.*$')::double
            )::decimal(18, 12)
        ), 0
    ) as 'wyy_\0'
from analysed
group by
    analysed.wave, analysed.area_id,
    analysed.grade, analysed.gender, analysed.stratum, analysed.psu, analysed.unit
