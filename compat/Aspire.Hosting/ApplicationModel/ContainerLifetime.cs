namespace Aspire.Hosting.ApplicationModel;

/// <summary>Whether a container ends with the AppHost.</summary>
public enum ContainerLifetime
{
    Session,
    Persistent,
}
