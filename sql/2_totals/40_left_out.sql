-- Respondents left out of a wave for one reason: refused when read, set aside by a screen, or of
-- weight 0, so that no figure rests on them.
--
-- grain: wave, stage, reason
-- units: n_respondents: respondents counted under the first reason that applies; n_caught:
--     respondents the reason applies to, whatever came first
-- reads: scores.respondent_factor, scores.screen_catch
-- drops: respondents who are not left out
select
    wave,
    'refused' as stage,
    refused_reason as reason,
    count(*) as n_respondents,
    count(*) as n_caught
from scores.respondent_factor
where refused_reason is not null
group by wave, refused_reason
union all
select
    screen_catch.wave,
    'screened' as stage,
    screen_catch.screen_id as reason,
    count(*) filter (
        where respondent_factor.screened_by = screen_catch.screen_id
    ) as n_respondents,
    count(*) as n_caught
from scores.screen_catch as screen_catch
inner join scores.respondent_factor as respondent_factor
    on
        screen_catch.wave = respondent_factor.wave
        and screen_catch.respondent_id = respondent_factor.respondent_id
-- Who was refused never met the screens.
where respondent_factor.refused_reason is null
group by screen_catch.wave, screen_catch.screen_id
union all
select
    wave,
    'weightless' as stage,
    'zero_weight' as reason,
    count(*) as n_respondents,
    count(*) as n_caught
from scores.respondent_factor
where is_analysed and weight = 0
group by wave
