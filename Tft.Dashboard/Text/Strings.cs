namespace Tft.Dashboard.Text;

/// <summary>Every sentence of the frame and the pages, in one place to translate.</summary>
internal static class Strings
{
    public const string Product = "Tft";
    public const string Tagline = "Fleet forecast, 8 hours ahead";

    public const string Fleet = "Fleet";
    public const string Heatmap = "Heatmap";
    public const string Servers = "Servers";
    public const string Server = "Server";
    public const string Alerts = "Alerts";
    public const string Insights = "Insights";
    public const string Cascade = "Cascade";
    public const string Remediation = "Remediation";

    /// <summary>The rail has no room for more.</summary>
    public const string Remedies = "Remedies";

    public const string Models = "Models";
    public const string History = "History";
    public const string Docs = "Docs";
    public const string Sources = "Sources";

    public const string Help = "Keyboard shortcuts";
    public const string Theme = "Theme";
    public const string ThemeSystem = "As the system";
    public const string ThemeLight = "Light";
    public const string ThemeDark = "Dark";
    public const string ShowUtc = "UTC";
    public const string Close = "Close";
    public const string Cancel = "Cancel";
    public const string CopyLink = "Copy link";
    public const string SkipToContent = "Skip to content";
    public const string Search = "Search servers";

    public const string Critical = "Critical";
    public const string Warning = "Warning";
    public const string Watch = "Watch";
    public const string Healthy = "Healthy";

    public const string NotConnected = "Daemon not connected";
    public const string NotConnectedHint = "The inference service does not answer. The dashboard keeps trying; what you see below is the last that it said.";
    public const string NotConnectedEmpty = "The inference service does not answer. As soon as it does, this page fills by itself.";
    public const string Loading = "Waiting for the inference service";
    public const string WarmingTitle = "Warming up";
    public const string NoServers = "No server has sent a record yet.";
    public const string NoServersHint = "Start an adapter: it back-fills a day of history on first contact, so forecasts appear within seconds.";
    public const string NoMatch = "No server matches these filters.";
    public const string ClearFilters = "Clear filters";
    public const string NoAlerts = "Nothing is pending or firing.";
    public const string NoAlertsHint = "An alert opens when a measured value crosses a threshold, or the forecast makes that likely enough, in several snapshots in a row.";
    public const string NoHistoryOfAlerts = "No alert was open in the last day.";
    public const string NoSilences = "Nothing is silenced.";
    public const string Acknowledge = "Acknowledge";
    public const string Silence = "Silence";
    public const string ActionFailed = "The service did not take it";
    public const string Refused = "The service refuses it";
    public const string NeedsAdmin = "The dashboard's key may not see this.";
    public const string NeedsAdminHint = "Models and trainings need a key with the scope admin: give the dashboard one in Tft:ApiKey.";
    public const string NoModels = "There is no model folder.";
    public const string NoModelsHint = "The fallback forecasts every server. Train a model, or put a folder tft_model_* into the folder above.";
    public const string NoQuality = "No forecast has been compared with what came yet.";
    public const string NoQualityHint = "The first outcomes come an hour after the first forecast of a server of which three hours are known; after a restart of the service they begin anew.";
    public const string Live = "Live";
    public const string Polling = "Polling";
    public const string Reconnecting = "Reconnecting";
    public const string Stale = "stale";
    public const string Fallback = "fallback";
    public const string FallbackHint = "Not forecast by the trained model";
    public const string Why = "Why";
    public const string Explaining = "Reading it out of the model";
    public const string NothingToExplain = "No network forecasts this server, so there is nothing to explain.";
    public const string NotExplainedNow = "The window has moved since the forecast was made.";
    public const string UnknownServer = "No server of this name has sent a record.";
    public const string NoHistory = "The service gave no measured history; the chart shows the forecast alone.";

    public const string NoPastForecasts = "The service keeps no past forecasts of this server: it has more servers than Tft:Quality:Servers.";

    public const string HowToRead = "How to read it";
    public const string HowToReadThis = "How to read this";
    public const string DocsNote = "how to read it, API, metrics";
    public const string ChooseServer = "Which server?";
    public const string ChooseServerHint = "Type a part of its name above, or take one of those at risk now.";
    public const string ZoomKeys = "left and right read it step by step, with Shift they select, Enter shows the selection, plus and minus zoom, Escape goes back";
    public const string ZoomOut = "the whole range";
    public const string ZoomOutHint = "Back to the whole range (Esc, or a double click on the chart)";
    public const string RangeOutside = "Nothing of this range lies within the last day and the next eight hours, so the whole is shown. What is older is in";
    public const string GoesTogether = "Goes together";
    public const string GoesTogetherHint = "What goes together need not be cause and effect: a common load, a common hour, or chance can be behind it. First means earliest in five-minute buckets, and nothing more.";
    public const string NothingTogether = "No servers' risk rises together.";
    public const string NoDependencies = "No dependencies are configured (Tft:Cascades:Dependencies), so nothing is said of what stands behind it.";
    public const string NoDependencyWithin = "None of the configured dependencies lies within this group and began no later than who depends on it.";
    public const string Timeline = "Timeline";
    public const string Table = "Table";
    public const string ExecutesNothing = "Nothing here is carried out by Tft.";
    public const string ExecutesNothingHint = "These are steps for people, from a table of runbooks: general advice by metric and profile, not a diagnosis. Approving one writes down who decided what; it reaches no server.";
    public const string WhatHelps = "What usually helps";
    public const string Suggested = "Suggested";
    public const string Record = "Record";
    public const string NothingSuggested = "Nothing is suggested.";
    public const string NothingSuggestedHint = "No server is at warning or critical, now or within eight hours, and the service has no complaint about itself.";
    public const string NothingDecided = "Nothing has been decided yet.";
    public const string NothingDecidedHint = "What is approved or declined on the other tab is kept here by the service, with name, time and remark.";
    public const string NotSuggestedAnyMore = "It was not suggested any more.";
    public const string NotAllKept = "Not all of it was kept";
    public const string Decide = "Decide";
    public const string Approve = "Approve";
    public const string Decline = "Decline";
    public const string DecideHint = "It is kept by the service with your name, the time and the reason, and shown on the tab Record. The name is kept in this browser, too; the dashboard does not check it.";
    public const string NothingInRange = "Nothing was measured in this range.";
    public const string NothingForecast = "No forecast of this lead is kept for this range; the line is what was measured.";
    public const string BadRange = "The begin must be before the end.";

    public static string NameOf(Fleet.Level level) => level switch
    {
        Dashboard.Fleet.Level.Critical => Critical,
        Dashboard.Fleet.Level.Warning => Warning,
        Dashboard.Fleet.Level.Watch => Watch,
        _ => Healthy,
    };

    /// <summary>Why the fallback serves a server, and what will change that.</summary>
    public static string WhyFallback(string? reason) => reason switch
    {
        "warming_up" => "Less than three hours of it are known. With a day of measurements the model takes over.",
        "short_window" => "Less than a day of it is known. With a day of measurements, 80 % of it there, the model takes over.",
        "sparse_window" => "More than a fifth of its last day was not measured. The model takes over when the gaps have passed.",
        "nothing_moves" => "None of its metrics has moved in the last day, so there is nothing to learn from.",
        "no_model" => "No trained model is active. Activate one on the page Models, or train one there.",
        "engine_failed" => "The engine failed on it; the service's log says how.",
        "fallback_better" => "On all its metrics the fallback has been the better forecast of the last days, so it serves until the networks are ahead again.",
        null => "The service labels it as forecast by the model now; the next snapshot will tell.",
        _ => Words(reason),
    };

    /// <summary>A wire name in words: <c>heavy_load</c> becomes <c>heavy load</c>.</summary>
    public static string Words(string name) => name.Replace('_', ' ');
}
