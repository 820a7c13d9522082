using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Running;

/// <summary>The program of this machine that stands for a server's container, and where it keeps its data.</summary>
internal sealed class LocalServer : IResourceAnnotation
{
    private readonly string _program;
    private readonly string _file;
    private readonly ServerDirectory _directory;

    /// <param name="method">The member of Aspire's that was called, for the error.</param>
    /// <param name="program">The program.</param>
    /// <param name="configuration">The application's: its PATH (the environment's, unless an argument says otherwise) is looked through.</param>
    /// <exception cref="NotSupportedException">The program is not on PATH: says what to do instead.</exception>
    public LocalServer(string method, string program, IConfiguration configuration)
    {
        _program = program;
        _directory = new ServerDirectory(program);
        _file = Programs.OnPath(program, configuration["PATH"]) ?? throw new NotSupportedException(
            $"{method} needs a container runtime, which this stand-in of Aspire.Hosting does not have, or a '{program}' on PATH, which is not there. "
            + "Refer to an existing server with AddConnectionString, put the program on PATH, or use the full package set (TFT_PACKAGES=full).");
    }

    public LocalProcessAnnotation Process => new(_file, _directory);

    /// <summary>Keeps the data over restarts: in <c>.tft/NAME</c> under the AppHost's directory.</summary>
    public void KeepIn<T>(IResourceBuilder<T> builder, string? name, bool isReadOnly)
        where T : ContainerResource
    {
        if (isReadOnly)
            throw new NotSupportedException($"A local {_program} always writes to its data directory.");
        _directory.KeepIn(Path.Combine(builder.ApplicationBuilder.AppHostDirectory, ".tft", name ?? builder.Resource.Name));
    }

    /// <inheritdoc cref="ServerDirectory.Prepare"/>
    public string PrepareDirectory() => _directory.Prepare();
}
