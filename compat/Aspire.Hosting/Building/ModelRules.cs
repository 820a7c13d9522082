using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Building;

/// <summary>What must hold before anything starts.</summary>
internal static class ModelRules
{
    /// <exception cref="DistributedApplicationException">Names every broken rule.</exception>
    public static void Check(IResourceCollection resources, bool randomizePorts)
    {
        List<string> faults = [.. resources.SelectMany(resource => FaultsOf(resource, resources)), .. randomizePorts ? [] : FaultsOfPorts(resources)];
        if (WaitCycle(resources) is { } cycle)
            faults.Add($"these resources wait for each other: {string.Join(" -> ", cycle)}");
        if (faults.Count > 0)
            throw new DistributedApplicationException("The application model is invalid: " + string.Join("; ", faults) + ".");
    }

    private static IEnumerable<string> FaultsOf(IResource resource, IResourceCollection resources)
    {
        foreach (var wait in resource.Annotations.OfType<WaitAnnotation>())
        {
            if (!resources.Contains(wait.Resource))
                yield return $"'{resource.Name}' waits for '{wait.Resource.Name}', which is not in the model";
        }

        if (resource is ContainerResource && !resource.Annotations.OfType<LocalProcessAnnotation>().Any())
            yield return $"'{resource.Name}' is a container, which this stand-in of Aspire.Hosting cannot run";
        if (resource is ProjectResource && resource.Annotations.OfType<IProjectMetadata>().LastOrDefault() is not IBuiltProjectMetadata)
            yield return $"'{resource.Name}' is a project without a known build output; add it as a ProjectReference of the AppHost";

        var replicas = resource.Annotations.OfType<ReplicaAnnotation>().LastOrDefault()?.Replicas ?? 1;
        foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>())
        {
            if (replicas > 1 && !endpoint.IsProxied)
                yield return $"'{resource.Name}' has {replicas} replicas, so its endpoint '{endpoint.Name}' must be proxied";
            if (replicas > 1 && endpoint.TargetPort is not null)
                yield return $"'{resource.Name}' has {replicas} replicas, which cannot share the target port {endpoint.TargetPort} of '{endpoint.Name}'";
            if (!endpoint.IsProxied && (endpoint.TargetPort ?? endpoint.Port) is null)
                yield return $"the endpoint '{endpoint.Name}' of '{resource.Name}' is not proxied, so it needs a port";
            if (endpoint is { IsProxied: true, Port: { } port, TargetPort: { } target } && port == target)
                yield return $"the endpoint '{endpoint.Name}' of '{resource.Name}' is proxied, so its port and target port cannot both be {port}";
        }
    }

    private static IEnumerable<string> FaultsOfPorts(IResourceCollection resources) =>
        from resource in resources
        from endpoint in resource.Annotations.OfType<EndpointAnnotation>()
        where endpoint.Port is not null
        group $"'{resource.Name}' ({endpoint.Name})" by endpoint.Port into taken
        where taken.Count() > 1
        select $"port {taken.Key} is asked for by {string.Join(" and ", taken)}";

    private static List<string>? WaitCycle(IResourceCollection resources)
    {
        foreach (var start in resources)
        {
            if (PathTo(start, start, []) is { } cycle)
                return cycle;
        }

        return null;

        static List<string>? PathTo(IResource from, IResource goal, HashSet<IResource> seen)
        {
            foreach (var next in from.Annotations.OfType<WaitAnnotation>().Select(wait => wait.Resource))
            {
                if (next == goal)
                    return [from.Name, goal.Name];
                if (seen.Add(next) && PathTo(next, goal, seen) is { } rest)
                    return [from.Name, .. rest];
            }

            return null;
        }
    }
}
