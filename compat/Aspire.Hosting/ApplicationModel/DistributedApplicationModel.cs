namespace Aspire.Hosting.ApplicationModel;

/// <summary>The resources of an application.</summary>
public class DistributedApplicationModel(IResourceCollection resources)
{
    public IResourceCollection Resources { get; } = resources;

    /// <exception cref="InvalidOperationException">No resource has that name.</exception>
    internal IResource Find(string name) =>
        Resources.FirstOrDefault(resource => string.Equals(resource.Name, name, StringComparison.OrdinalIgnoreCase))
        ?? throw new InvalidOperationException(
            $"Resource '{name}' is not in the application model, which holds {string.Join(", ", Resources.Select(resource => $"'{resource.Name}'"))}.");
}
