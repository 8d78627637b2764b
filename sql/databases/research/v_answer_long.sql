-- One answer a row, or why there is none.
with not_given as (
    select distinct
        hidden.wave,
        hidden.respondent,
        tells.column_name
    from hidden
    inner join tells
        on hidden.wave = tells.wave and hidden.quasi_identifier = tells.quasi_identifier
),

answered as (
    select
        wave,
        respondent,
        item_id,
        code
    from answer
    unpivot include nulls (code for item_id in (columns(* exclude (wave, respondent))))
)

select
    answered.wave,
    answered.respondent,
    answered.item_id,
    item.text_sv,
    item.text_en,
    case
        when answered.code is not null then 'answered'
        when item.status <> 'asked' then item.status
        -- What others may know: whether it was hidden or left blank would tell of the few.
        when item.is_quasi_identifier then 'not_shown'
        -- Nor of what would tell of it.
        when not_given.column_name is not null then 'not_shown'
        else coalesce(missing_answer.reason, 'blank')
    end as status,
    answered.code,
    answer_code.label_sv,
    answer_code.label_en
from answered
inner join item
    on answered.wave = item.wave and answered.item_id = item.item_id
left join not_given
    on
        answered.wave = not_given.wave
        and answered.respondent = not_given.respondent
        and answered.item_id = not_given.column_name
left join missing_answer
    on
        answered.wave = missing_answer.wave
        and answered.respondent = missing_answer.respondent
        and answered.item_id = missing_answer.item_id
left join answer_code
    on
        item.wave = answer_code.wave
        and item.format_id = answer_code.format_id
        and answered.code = answer_code.code
