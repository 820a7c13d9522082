using System.Collections.Frozen;
using System.Globalization;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Running;

/// <summary>Evaluates a resource's annotations into the process of one instance.</summary>
internal sealed class ProcessSpecFactory(DistributedApplicationExecutionContext executionContext)
{
    /// <exception cref="DistributedApplicationException">A value is missing, or the program is not on this machine.</exception>
    public async Task<ProcessSpec> CreateAsync(IResource resource, InstanceContext instance, CancellationToken cancellationToken)
    {
        var variables = await VariablesAsync(resource, instance, cancellationToken);
        var arguments = await ArgumentsAsync(resource, instance, cancellationToken);
        return resource switch
        {
            ProjectResource => OfProject(resource.Annotations.OfType<IBuiltProjectMetadata>().Last(), arguments, variables),
            ExecutableResource executable => new ProcessSpec(
                Programs.Find(executable.Command, executable.WorkingDirectory), arguments, executable.WorkingDirectory, variables),
            _ => OfLocalProcess(resource.Annotations.OfType<LocalProcessAnnotation>().Last(), arguments, variables),
        };
    }

    /// <summary>Own ports: the target port where one is given, the advertised port where there is no proxy, else a free one.</summary>
    public static InstanceContext NewInstance(IResource resource, string suffix) => new(
        resource,
        suffix,
        resource.Annotations.OfType<EndpointAnnotation>().ToFrozenDictionary(
            endpoint => endpoint.Name,
            endpoint => endpoint.TargetPort ?? (endpoint.IsProxied ? null : endpoint.Port) ?? Ports.PickFree(),
            StringComparer.OrdinalIgnoreCase));

    private static ProcessSpec OfProject(IBuiltProjectMetadata project, List<string> arguments, Dictionary<string, string> variables)
    {
        if (!File.Exists(project.AssemblyPath))
            throw new DistributedApplicationException($"The project '{project.ProjectPath}' is not built: '{project.AssemblyPath}' does not exist.");
        return new ProcessSpec(Programs.Dotnet, ["exec", project.AssemblyPath, .. arguments], Path.GetDirectoryName(project.ProjectPath)!, variables);
    }

    private static ProcessSpec OfLocalProcess(LocalProcessAnnotation process, List<string> arguments, Dictionary<string, string> variables)
    {
        var directory = process.Directory.Prepare();
        return new ProcessSpec(Programs.Find(process.Command, directory), arguments, directory, variables);
    }

    private async Task<Dictionary<string, string>> VariablesAsync(IResource resource, InstanceContext instance, CancellationToken cancellationToken)
    {
        var context = new EnvironmentCallbackContext(executionContext, resource, [], cancellationToken);
        foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>().Where(endpoint => endpoint.PortVariable is not null))
        {
            var own = instance.OwnPorts.First(pair => string.Equals(pair.Endpoint, endpoint.Name, StringComparison.OrdinalIgnoreCase)).Port;
            context.EnvironmentVariables[endpoint.PortVariable!] = own.ToString(CultureInfo.InvariantCulture);
        }

        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>().ToList())
            await annotation.Callback(context);

        var variables = new Dictionary<string, string>();
        foreach (var (name, value) in context.EnvironmentVariables)
        {
            if (await TextAsync(value, instance, cancellationToken) is { } text)
                variables[name] = text;
        }

        return variables;
    }

    private static async Task<List<string>> ArgumentsAsync(IResource resource, InstanceContext instance, CancellationToken cancellationToken)
    {
        var context = new CommandLineArgsCallbackContext([], resource, cancellationToken);
        foreach (var annotation in resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>().ToList())
            await annotation.Callback(context);

        var arguments = new List<string>(context.Args.Count);
        foreach (var value in context.Args)
        {
            if (await TextAsync(value, instance, cancellationToken) is { } text)
                arguments.Add(text);
        }

        return arguments;
    }

    private static async ValueTask<string?> TextAsync(object value, InstanceContext instance, CancellationToken cancellationToken) => value switch
    {
        string text => text,
        IResourceBuilder<IResource> { Resource: IValueProvider provider } => await provider.GetValueAsync(instance, cancellationToken),
        IValueProvider provider => await provider.GetValueAsync(instance, cancellationToken),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };
}
