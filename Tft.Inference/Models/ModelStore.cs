using System.Diagnostics.CodeAnalysis;
using Tft.Forecasting.Engines;
using Tft.Inference.Commands;

namespace Tft.Inference.Models;

/// <summary>
/// The model in service. It is swapped whole: a forecast that runs goes on with the model that it began with. A folder that is refused changes nothing.
/// </summary>
internal sealed partial class ModelStore
{
    private readonly ModelOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<ModelStore> _logger;
    private readonly IForecastEngine _engine;
    private readonly ModelChoiceFile? _chosen;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Stamp> _seen = [];
    private volatile ServedModel? _current;
    private volatile string? _previous;

    public ModelStore(ModelOptions options, TimeProvider time, ILogger<ModelStore> logger, IForecastEngine? engine = null, ModelChoiceFile? chosen = null)
    {
        (_options, _time, _logger, _engine) = (options, time, logger, engine ?? new ManagedEngine(1));
        // a model that the settings name is what they say at each start
        _chosen = options.FollowsLatest ? chosen : null;
        if (options.Choice == ModelOptions.None)
            return;
        lock (_gate)
        {
            // all that is there now is no news to the watch
            var folders = Folders();
            foreach (var folder in folders)
                _seen[folder] = Stamp.Of(folder);
            var choice = _chosen?.Read();
            foreach (var (folder, asked) in options.FollowsLatest ? InOrder(folders, choice) : [(Path.GetFullPath(options.Choice), true)])
            {
                if (TryUse(folder, asked, out _))
                    break;
            }

            _previous = _current is null || _current.Version == choice?.Version ? choice?.Previous : choice?.Version;
            if (_current is null)
                LogNone(options.FollowsLatest ? options.Directory : options.Choice);
        }
    }

    /// <summary>What forecasts now; null: the fallback.</summary>
    public ServedModel? Current => _current;

    /// <summary>Version of what forecast before that, since the start or by the choice that was kept; null where nothing did.</summary>
    public string? Previous => _previous;

    /// <summary>Model folders, newest first.</summary>
    public IReadOnlyList<string> Folders() => Directory.Exists(_options.Directory)
        ? [.. Directory.EnumerateDirectories(_options.Directory, "tft_model_*").Where(f => !f.EndsWith(".partial", StringComparison.Ordinal)).OrderDescending(StringComparer.Ordinal)]
        : [];

    /// <summary>Puts a folder into service.</summary>
    /// <param name="folder">One of <see cref="Folders"/>.</param>
    /// <param name="refused">Everything that is wrong with it; the model in service stays.</param>
    /// <param name="kept">Whether it will serve after a restart, too.</param>
    public bool TryActivate(string folder, [NotNullWhen(false)] out string? refused, out bool kept)
    {
        lock (_gate)
        {
            _seen[folder] = Stamp.Of(folder);
            kept = TryUse(folder, asked: true, out refused)
                && _chosen is not null && _chosen.TryWrite(new ModelChoice(Path.GetFileName(folder), _previous, Path.GetFileName(Folders()[0])));
            return refused is null;
        }
    }

    /// <summary>Takes up a folder that is new (or changed) since it was last looked at, and newer than the model in service.</summary>
    public void TakeNewer()
    {
        lock (_gate)
        {
            foreach (var folder in Folders())
            {
                if (_current is { } current && string.CompareOrdinal(Path.GetFileName(folder), current.Version) <= 0)
                    return;
                var stamp = Stamp.Of(folder);
                if (_seen.TryGetValue(folder, out var known) && known == stamp)
                    continue;
                _seen[folder] = stamp;
                if (TryUse(folder, asked: false, out _))
                {
                    _chosen?.Forget();
                    return;
                }
            }
        }
    }

    /// <summary>The newest first; but what was chosen by hand goes before all that whoever chose could have had.</summary>
    private static IEnumerable<(string Folder, bool Asked)> InOrder(IReadOnlyList<string> folders, ModelChoice? choice) => choice is null
        ? folders.Select(f => (f, false))
        : folders
            .Select(f => (Folder: f, Asked: Path.GetFileName(f) == choice.Version))
            .OrderByDescending(f => string.CompareOrdinal(Path.GetFileName(f.Folder), choice.Newest) > 0)
            .ThenByDescending(f => f.Asked);

    private bool TryUse(string folder, bool asked, [NotNullWhen(false)] out string? refused)
    {
        try
        {
            var model = ServedModel.Load(folder, _time, _engine);
            if (!asked && ModelFolders.NotPromoted(folder, model.Networks.Model.Info) is { } reason)
                throw new InvalidDataException(reason);
            if (_current is { } before && before.Version != model.Version)
                _previous = before.Version;
            _current = model;
            refused = null;
            LogServes(model.Version, model.Networks.Model.Networks.Count, model.Networks.Model.Config.Network.Hidden);
            return true;
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            refused = e.Message;
            LogRefused(refused, _current?.Version ?? "the fallback");
            return false;
        }
    }

    [LoggerMessage(EventId = 3100, Level = LogLevel.Information, Message = "Model {Version} forecasts: {Networks} networks of width {Hidden}")]
    private partial void LogServes(string version, int networks, int hidden);

    [LoggerMessage(EventId = 3101, Level = LogLevel.Warning, Message = "{Reason} {Serving} serves on")]
    private partial void LogRefused(string reason, string serving);

    [LoggerMessage(EventId = 3102, Level = LogLevel.Information, Message = "No model in {Place}; the fallback forecasts")]
    private partial void LogNone(string place);

    /// <summary>Tells whether a folder changed: a copy that is still under way has another one when it is done.</summary>
    internal readonly record struct Stamp(long Bytes, long LastWrite)
    {
        public static Stamp Of(string folder)
        {
            long bytes = 0, last = 0;
            foreach (var file in new DirectoryInfo(folder).EnumerateFiles())
            {
                bytes += file.Length;
                last = Math.Max(last, file.LastWriteTimeUtc.Ticks);
            }

            return new Stamp(bytes, last);
        }
    }
}
