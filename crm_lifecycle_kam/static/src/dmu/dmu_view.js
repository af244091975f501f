import {Component, onWillStart, onWillUpdateProps, useState} from "@odoo/owl";
import {ActionHelper} from "@web/views/action_helper";
import {CogMenu} from "@web/search/cog_menu/cog_menu";
import {DmuGrid} from "./dmu_grid";
import {DmuMap} from "./dmu_map";
import {FormViewDialog} from "@web/views/view_dialogs/form_view_dialog";
import {KeepLast} from "@web/core/utils/concurrency";
import {Layout} from "@web/search/layout";
import {SearchBar} from "@web/search/search_bar/search_bar";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardViewProps} from "@web/views/standard_view_props";
import {useSearchBarToggler} from "@web/search/search_bar/search_bar_toggler";
import {useService} from "@web/core/utils/hooks";

/**
 * Loads the people of one unit for a drawing, and carries out what is done there.
 */
export class DmuController extends Component {
    static template = "crm_lifecycle_kam.DmuView";
    static components = {ActionHelper, CogMenu, Layout, SearchBar};
    static props = {...standardViewProps, Renderer: Function};

    setup() {
        this.orm = useService("orm");
        this.dialog = useService("dialog");
        this.searchBarToggler = useSearchBarToggler();
        this.keepLast = new KeepLast();
        this.state = useState({data: null});
        onWillStart(() => this.load(this.props));
        onWillUpdateProps((nextProps) => this.load(nextProps));
    }

    async load({resModel, domain, context}) {
        this.state.data = await this.keepLast.add(
            this.orm.call(resModel, "get_dmu_map", [domain], {context})
        );
    }

    reload() {
        return this.load(this.props);
    }

    openDialog(resModel, params) {
        this.dialog.add(
            FormViewDialog,
            {
                resModel,
                context: this.props.context,
                onRecordSaved: () => this.reload(),
                ...params,
            },
            {onClose: () => this.reload()}
        );
    }

    addPerson() {
        this.openDialog(this.props.resModel, {title: _t("A Person Who Decides")});
    }

    openPerson(resId) {
        const node = this.state.data.nodes.find((person) => person.id === resId);
        this.openDialog(this.props.resModel, {resId, title: node.name});
    }

    openLine(resId) {
        this.openDialog("crm.dmu.influence", {
            resId,
            title: _t("Who Influences Whom"),
            removeRecord: async () => {
                await this.orm.unlink("crm.dmu.influence", [resId]);
            },
        });
    }

    draw(from, to) {
        const known = this.state.data.lines.find((line) => {
            const nodes = Object.fromEntries(
                this.state.data.nodes.map((node) => [node.id, node.anchor_id])
            );
            return nodes[line.from] === from && nodes[line.to] === to;
        });
        if (known) {
            return this.openLine(known.id);
        }
        return this.openDialog("crm.dmu.influence", {
            title: _t("Who Influences Whom"),
            context: {
                ...this.props.context,
                default_from_id: from,
                default_to_id: to,
            },
        });
    }

    async keepPlaces(places) {
        await this.orm.call(this.props.resModel, "set_map_places", [places]);
    }

    async arrange() {
        const ids = this.state.data.nodes.map((node) => node.id);
        await this.orm.call(this.props.resModel, "action_arrange", [ids]);
        await this.reload();
    }
}

function getView(type, Renderer) {
    return {
        type,
        Controller: DmuController,
        searchMenuTypes: ["filter", "favorite"],
        props: (genericProps) => ({...genericProps, Renderer}),
    };
}

registry.category("views").add("dmu_map", getView("dmu_map", DmuMap));
registry.category("views").add("dmu_grid", getView("dmu_grid", DmuGrid));
