-- One answer a row, or why there is none.
with answered as (
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
        else coalesce(missing_answer.reason, 'blank')
    end as status,
    answered.code,
    answer_code.label_sv,
    answer_code.label_en
from answered
inner join item
    on answered.wave = item.wave and answered.item_id = item.item_id
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
