-- The seven rules in SQL, as an analyst would write them: ratios are divided, growth is a root. Needs the views enterprises and salaries.
WITH ratios AS (
    SELECT *, rd_expense_last * 1.0 / revenue_last AS ratio, rd_expense_prev * 1.0 / revenue_prev AS ratio_prev
    FROM enterprises
), specialised AS (
    SELECT *,
        years_in_niche >= 2 AND rd_expense_last >= 100000000 AND ratio >= 0.03
            AND (revenue_last >= 1000000000 OR equity_financing_2y >= 2000000000) AS specialised_new
    FROM ratios
), giants AS (
    SELECT *,
        specialised_new AND years_in_niche >= 3 AND main_business_revenue_last * 1.0 / revenue_last >= 0.7
            AND sqrt(revenue_last * 1.0 / revenue_prev2) - 1 >= 0.05 AND info_system AND liabilities * 1.0 / assets <= 0.7
            AND market_share >= 0.1 AND own_brand AND has_rd_institution AND class1_ip >= 2
            AND (revenue_last >= 10000000000 AND ratio >= 0.03 AND ratio_prev >= 0.03
                OR revenue_last >= 5000000000 AND revenue_last < 10000000000 AND ratio >= 0.06 AND ratio_prev >= 0.06
                OR revenue_last < 5000000000 AND equity_financing_2y >= 8000000000
                    AND rd_expense_last + rd_expense_prev >= 3000000000 AND rd_staff_ratio >= 0.5) AS little_giant
    FROM specialised
), amounts AS (
    SELECT giants.enterprise_id, specialised_new, little_giant,
        CASE WHEN little_giant OR high_tech OR listed
            THEN least(coalesce(CAST(floor(salary * 3.0 / 1000.0) AS BIGINT), 0), 3000000) ELSE 0 END AS talent,
        CASE WHEN NOT tech_centre_newly_recognised THEN 0
            WHEN tech_centre_level = 'national' THEN 5000000
            WHEN tech_centre_level = 'provincial' THEN 1000000
            WHEN tech_centre_level = 'municipal' THEN 200000 ELSE 0 END AS tech_centre,
        CASE WHEN NOT innovation_centre_newly THEN 0
            WHEN innovation_centre_level = 'national' THEN 5000000
            WHEN innovation_centre_level = 'provincial' THEN 500000 ELSE 0 END AS innovation_centre,
        CASE WHEN design_centre_municipal_newly THEN 500000 ELSE 0 END AS design_centre
    FROM giants LEFT JOIN salaries ON salaries.enterprise_id = giants.enterprise_id
)
SELECT enterprise_id, specialised_new, little_giant, talent,
    least(talent + greatest(tech_centre, innovation_centre, design_centre), 8000000) AS total
FROM amounts
