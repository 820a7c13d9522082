using Tft.Forecasting.Models;
using Tft.Inference.Commands;

namespace Tft.Inference.Models;

/// <summary>The model folders as GET /admin/models shows them.</summary>
internal sealed class ModelList(ModelStore store, ModelOptions options)
{
    public ModelsResponse Make() => new()
    {
        Active = store.Current?.Version,
        Choice = options.Choice,
        Directory = options.Directory,
        Models = [.. Folders().Select(Entry)],
    };

    /// <summary>The folder of a version, or null.</summary>
    public string? Find(string version) =>
        Folders().FirstOrDefault(f => string.Equals(Path.GetFileName(f), version, StringComparison.Ordinal));

    /// <summary>What lies in the models' folder, and what serves from elsewhere.</summary>
    private IEnumerable<string> Folders()
    {
        var folders = store.Folders();
        return store.Current is { } current && !folders.Contains(current.Folder) ? folders.Prepend(current.Folder) : folders;
    }

    private ModelEntry Entry(string folder)
    {
        var version = Path.GetFileName(folder);
        var entry = new ModelEntry { Version = version, Active = version == store.Current?.Version };
        try
        {
            var info = (entry.Active ? store.Current!.Networks.Model : ModelFolder.Load(folder, ModelFolders.ContractVersion, ModelFolders.States)).Info;
            return entry with
            {
                Valid = true,
                Promoted = info.Promoted,
                Reason = info.Promoted ? null : info.Promotion!.Reason,
                Created = info.Created,
                Data = info.Data,
                Servers = info.Servers,
                Seed = info.Seed,
                LoadedAt = entry.Active ? store.Current!.Info.LoadedAt : null,
            };
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return entry with { Reason = e.Message };
        }
    }
}
