namespace Tft.Inference.Commands;

/// <summary>Where a training keeps its checkpoints: beside its target, so that the same command finds them again after a kill.</summary>
internal static class CheckpointFolder
{
    /// <summary>Makes or opens the folder of a training; what a kill left half written is removed.</summary>
    /// <param name="target">The model folder that the training will write.</param>
    /// <param name="name">Names the training: its data and options.</param>
    public static DirectoryInfo Open(string target, string name) => Open(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(target))!, ".checkpoints", name));

    /// <summary>Likewise, a folder that is named.</summary>
    public static DirectoryInfo Open(string path)
    {
        var folder = Directory.CreateDirectory(path);
        foreach (var torn in folder.EnumerateFiles("*.tmp"))
            torn.Delete();
        return folder;
    }
}
