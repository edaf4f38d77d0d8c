//! The template as its users would test it.

use grieta_runtime::data;
use grieta_templates::lead_qualification;
use grieta_testkit::CaseTest;

/// A lead that fits and moves, at the desk of sales on a Monday morning.
fn hot_lead() -> CaseTest {
    CaseTest::new(lead_qualification().process())
        .at("2026-03-02T09:00+01:00")
        .service("deduplicate-match", data! {}.outcome("new"))
        .other_services_succeed()
        .start(data! {
            customer_id: "c7", job_level: "vp", company_size: 120, industry: "target", request: "demo-or-contact",
        })
}

#[test]
fn a_full_voicemail_is_answered_by_a_later_call() {
    hot_lead()
        .expect_data(data! { grade: "A", fit: 55, behaviour: 30 })
        .on("accept-or-reject")
        .claim("ana")
        .complete("accepted", data! {})
        .on("contact-attempt")
        .offered_to("sdr")
        .claim("ana")
        .fail("voicemail-full")
        .expect_crack("voicemail-full")
        .expect_waiting("`contact-attempt` waits for its next try, at 2026-03-02T12:00:00Z")
        .advance("4 bh")
        .on("contact-attempt")
        .claim("ana")
        .complete("reached", data! {})
        .expect_at("discovery-call")
        .expect_data(data! { attempts: 1 })
        .expect_no_crack();
}

#[test]
fn a_lead_that_sales_forgets_counts_as_accepted() {
    hot_lead()
        .advance_of("sdr", "23 bh")
        .expect_at("accept-or-reject")
        .advance_of("sdr", "1 bh")
        .expect_crack("sales-silent")
        .expect_at("contact-attempt");
}

#[test]
fn an_address_that_bounces_is_put_right_before_anybody_calls() {
    CaseTest::new(lead_qualification().process())
        .service_fails("validate-contact-data", "bounced")
        .service("deduplicate-match", data! {}.outcome("existing-customer"))
        .other_services_succeed()
        .start(data! { customer_id: "c7" })
        .expect_crack("bounced")
        .on("fix-contact-data")
        .claim("eva")
        .complete("fixed", data! {})
        .expect_ended_at("to-customer-reentry")
        .expect_visits("score-lead", 0);
}

#[test]
fn an_executive_who_is_ill_is_stood_in_for() {
    hot_lead()
        .person("eva", ["account-executive"])
        .person("max", ["sales-manager"])
        .on("accept-or-reject")
        .claim("ana")
        .complete("accepted", data! {})
        .on("contact-attempt")
        .claim("ana")
        .complete("reached", data! {})
        .on("discovery-call")
        .claim("ana")
        .complete("qualified", data! {})
        .on("schedule-meeting")
        .claim("ana")
        .done()
        .absent("eva")
        .on("wait-meeting")
        .done()
        .advance_of("account-executive", "2 bh")
        .expect_crack("executive-ill")
        .on("solution-meeting")
        .allocated_to("max")
        .complete("agreed", data! { opportunity_form: "incomplete" })
        .back("eva")
        .on("convert-lead")
        .claim("eva")
        .done()
        .expect_crack("form-incomplete")
        .expect_visits("convert-lead", 2)
        .on("convert-lead")
        .claim("eva")
        .done()
        .expect_ended_at("opportunity");
}

#[test]
fn an_objection_ends_everything() {
    hot_lead()
        .on("accept-or-reject")
        .claim("ana")
        .complete("rejected", data! {})
        .on("marketing-feedback")
        .claim("eva")
        .complete("recycled", data! {})
        .on("nurture")
        .strike("objection")
        .expect_crack("objection")
        .expect_cancelled();
}
