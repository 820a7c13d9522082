namespace Tft.Inference.Security;

/// <summary>Whose request this is: a feature of the HttpContext of every endpoint that asks for a scope.</summary>
/// <param name="Id">Id of the key, safe to log; <c>env</c> for the one of the configuration.</param>
/// <param name="Scopes">What it may do.</param>
internal sealed record ApiKeyIdentity(string Id, KeyScopes Scopes);
