using System.Collections.Concurrent;
using Tft.Contract.Messages;
using Tft.Forecasting.Evaluation;
using Tft.Forecasting.Models;
using Tft.Inference.Commands;

namespace Tft.Inference.Models;

/// <summary>The model folders as GET /admin/models shows them. A folder is read once, and again when it changes.</summary>
internal sealed class ModelList(ModelStore store, ModelOptions options)
{
    private readonly ConcurrentDictionary<string, (ModelStore.Stamp Stamp, ModelEntry Entry)> _read = new(StringComparer.Ordinal);

    public ModelsResponse Make()
    {
        var folders = Folders().ToList();
        foreach (var gone in _read.Keys.Except(folders))
            _read.TryRemove(gone, out _);
        var current = store.Current;
        return new()
        {
            Active = current?.Version,
            Previous = store.Previous,
            Choice = options.Choice,
            Directory = options.Directory,
            Models = [.. folders.Select(f => Entry(f, current))],
        };
    }

    /// <summary>The folder of a version, or null.</summary>
    public string? Find(string version) =>
        Folders().FirstOrDefault(f => string.Equals(Path.GetFileName(f), version, StringComparison.Ordinal));

    /// <summary>What lies in the models' folder, and what serves from elsewhere.</summary>
    private IEnumerable<string> Folders()
    {
        var folders = store.Folders();
        return store.Current is { } current && !folders.Contains(current.Folder) ? folders.Prepend(current.Folder) : folders;
    }

    private ModelEntry Entry(string folder, ServedModel? current)
    {
        // what serves is what was loaded, whatever became of its folder
        if (current is not null && Path.GetFileName(folder) == current.Version)
            return Valid(current.Version, current.Networks.Model) with { Active = true, LoadedAt = current.Info.LoadedAt };
        try
        {
            var stamp = ModelStore.Stamp.Of(folder);
            if (!_read.TryGetValue(folder, out var known) || known.Stamp != stamp)
                _read[folder] = known = (stamp, Read(folder));
            return known.Entry;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new ModelEntry { Version = Path.GetFileName(folder), Active = false, Reason = e.Message };
        }
    }

    private static ModelEntry Read(string folder)
    {
        try
        {
            var model = ModelFolder.Load(folder, ModelFolders.ContractVersion, ModelFolders.States);
            ServedModel.Check(folder, model.Config);
            return Valid(Path.GetFileName(folder), model);
        }
        catch (InvalidDataException e)
        {
            return new ModelEntry { Version = Path.GetFileName(folder), Active = false, Reason = e.Message };
        }
    }

    private static ModelEntry Valid(string version, ForecastModel model)
    {
        var info = model.Info;
        return new ModelEntry
        {
            Version = version,
            Active = false,
            Valid = true,
            Promoted = info.Promoted,
            Reason = info.Promotion?.Reason,
            Created = info.Created,
            Data = info.Data,
            Servers = info.Servers,
            Seed = info.Seed,
            Networks = model.Config.Networks,
            NearNetworks = model.Config.NearNetworks,
            Trees = model.Config.Trees,
            Hidden = model.Config.Network.Hidden,
            Steps = info.Steps,
            DurationS = info.DurationSeconds,
            Parent = info.Parent,
            NewcomerShare = info.NewcomerShare,
            ActiveRelQl = info.Promotion?.ActiveRelQl,
            Evaluation = Scores(info.Evaluation),
            EvaluationBase = Scores(info.EvaluationBase),
        };
    }

    private static ModelScores? Scores(ScoreTable? table) => table is null ? null
        : new(table.Servers.Count, table.Metrics, table.Rows.ToDictionary(r => r.Key, r => new LeadScores(r.Value.RelQl, r.Value.RelMae, r.Value.Cover80, r.Value.Width)));
}
