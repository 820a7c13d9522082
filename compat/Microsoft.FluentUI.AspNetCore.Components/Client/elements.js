import {
  fluentBadge, fluentButton, fluentDialog, fluentOption, fluentProgress, fluentProgressRing, fluentSelect, fluentSwitch,
  fluentTab, fluentTabPanel, fluentTabs, fluentTooltip, fillColor, neutralLayerFloating, provideFluentDesignSystem,
} from '@fluentui/web-components';
import { MatchMediaBehavior, Select as FoundationSelect, Tooltip as FoundationTooltip } from '@microsoft/fast-foundation';
import { Select } from '@fluentui/web-components/dist/esm/select/index.js';
import { Tooltip } from '@fluentui/web-components/dist/esm/tooltip/index.js';

// A media query keeps every listener that was ever added, and with it the element: removed elements would never be
// freed. The style is chosen once; switching high contrast while the page is open needs a reload.
function forgetMediaListeners() {
  MatchMediaBehavior.prototype.bind = function (source) { this.constructListener(source).call(this.query); };
  MatchMediaBehavior.prototype.unbind = function () { };
}

// A token value that is set on an element holds the element until it is deleted.
function freeTokens() {
  Tooltip.prototype.disconnectedCallback = function () {
    FoundationTooltip.prototype.disconnectedCallback.call(this);
    fillColor.deleteValueFor(this);
  };
  // The list box takes its colour from a style rule instead of a token (theme.js).
  Select.prototype.connectedCallback = function () {
    FoundationSelect.prototype.connectedCallback.call(this);
    this.appearance ||= 'outline';
  };
}

export function registerElements() {
  forgetMediaListeners();
  freeTokens();
  provideFluentDesignSystem().register(
    fluentBadge(), fluentButton(), fluentDialog(), fluentOption(), fluentProgress(), fluentProgressRing(), fluentSelect(),
    fluentSwitch(), fluentTab(), fluentTabPanel(), fluentTabs(), fluentTooltip());
  // Reads of the floating layer's colour by the rule for list boxes need the variable at the root.
  neutralLayerFloating.getValueFor(document.body);
}
