import {registry} from "@web/core/registry";

const CARD = ".o_kanban_record:contains(Tour Customer)";

function column(name) {
    return `.o_kanban_group:has(.o_column_title:contains(${name}))`;
}

// A selector after `drag_and_drop` may not end in a bracket
function dragTo(name) {
    return `drag_and_drop ${column(name)} .o_kanban_header`;
}

function field(name) {
    return `.o_field_widget[name='${name}'] input`;
}

function confirmDialog(content) {
    return {
        content,
        trigger: ".o_dialog button[name='action_apply']",
        run: "click",
    };
}

registry.category("web_tour.tours").add("crm_lifecycle_board_tour", {
    url: "/odoo/customer-base?view_type=kanban",
    steps: () => [
        {
            content: "drag the customer to another stage",
            trigger: `${column("Working")} ${CARD}`,
            run: dragTo("Regular"),
        },
        {
            content: "the dialog of holding opens with the column's stage",
            trigger: `.o_dialog:contains(Hold the Stage) ${field("hold_stage_id")}:value(Regular)`,
        },
        {
            content: "cancel",
            trigger: ".o_dialog button:contains(Cancel)",
            run: "click",
        },
        {
            content: "the card is back; drag it again",
            trigger: `body:not(:has(.o_dialog)) ${column("Working")} ${CARD}`,
            run: dragTo("Regular"),
        },
        confirmDialog("try without a reason"),
        {
            content: "a reason is asked for; give one",
            trigger: ".o_dialog .o_field_widget.o_field_invalid[name='reason'] input",
            run: "edit Their lease ends",
        },
        confirmDialog("hold the stage"),
        {
            content: "the card stands in its new column, and a notification says so",
            trigger: `body:has(.o_notification:contains(Done: 1)) ${column(
                "Regular"
            )} ${CARD}`,
            run: "click",
        },
        {
            content: "release the hold from the card's page",
            trigger:
                ".o_form_view .o_statusbar_buttons button:contains(Release the Hold)",
            run: "click",
        },
        confirmDialog("release"),
        {
            content: "the rules decide again; name the customer VIP",
            trigger:
                ".o_form_view:has(.o_field_widget[name='stage_id']:contains(Working)) .o_statusbar_buttons button:contains(Name VIP)",
            run: "click",
        },
        {
            content: "the dialog says what is missing; give a reason",
            trigger: `.o_dialog:contains(No proven partner) ${field("reason")}`,
            run: "edit They open doors",
        },
        confirmDialog("refused without a reason why despite"),
        {
            content: "say why despite",
            trigger:
                ".o_dialog .o_field_widget.o_field_invalid[name='despite_reason'] input",
            run: "edit Known by everybody",
        },
        confirmDialog("allowed"),
        {
            content: "the customer is VIP",
            trigger:
                "body:not(:has(.o_dialog)) .o_form_view .o_field_widget[name='stage_id']:contains(VIP)",
        },
    ],
});

registry.category("web_tour.tours").add("crm_lifecycle_board_mobile_tour", {
    url: "/odoo/customer-base",
    steps: () => [
        {
            content: "open the card's menu",
            trigger: `${CARD} .o_dropdown_kanban button`,
            run: "click",
        },
        {
            content: "the actions of the drag are there",
            trigger:
                ".o-dropdown--menu:contains(Hold the Stage):contains(Declare Lost)",
        },
        {
            content: "exclude the customer",
            trigger: ".o-dropdown--menu .dropdown-item:contains(Exclude from the Base)",
            run: "click",
        },
        {
            content: "say why",
            trigger: `.o_dialog ${field("reason")}`,
            run: "edit A supplier",
        },
        confirmDialog("exclude"),
        {
            content: "the card has left the board",
            trigger: `body:has(.o_notification:contains(Done: 1)) .o_kanban_renderer:not(:has(${CARD}))`,
        },
    ],
});
