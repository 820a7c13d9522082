namespace Aspire.Hosting.Running;

/// <summary>Where a local server keeps its data: a folder that stays, or one of the system's temporary folders, which goes with the application.</summary>
/// <param name="prefix">Of the temporary folder's name.</param>
internal sealed class ServerDirectory(string prefix)
{
    private string? _kept;
    private string? _fresh;

    /// <summary>Keeps the data over restarts.</summary>
    public void KeepIn(string path) => _kept = path;

    /// <summary>The folder, made where it is not there.</summary>
    public string Prepare()
    {
        var path = _kept ?? (_fresh ??= Directory.CreateTempSubdirectory($"{prefix}-").FullName);
        Directory.CreateDirectory(path);
        return path;
    }

    /// <summary>Deletes the temporary folder, if there is one.</summary>
    public void Remove()
    {
        try
        {
            if (_fresh is not null)
                Directory.Delete(_fresh, recursive: true);
        }
        catch (Exception left) when (left is IOException or UnauthorizedAccessException)
        {
            // the system clears its temporary folders
        }

        _fresh = null;
    }
}
