using Tft.Contract.Problems;
using Tft.Inference.Http;

namespace Tft.Inference.Otlp;

/// <summary>Problems of this endpoint go out as OTLP/HTTP wants them: also those of the key, which are found before it runs.</summary>
internal sealed class OtlpProblemForm : IProblemForm
{
    public (string ContentType, byte[] Body) Write(HttpContext context, Problem problem)
    {
        var json = IsJson(context.Request) == true;
        return (json ? OtlpAnswer.Json : OtlpAnswer.Protobuf, OtlpAnswer.Status(json, problem));
    }

    /// <summary>Null where the content type is none of OTLP.</summary>
    public static bool? IsJson(HttpRequest request) => request.ContentType?.Split(';')[0].Trim().ToLowerInvariant() switch
    {
        OtlpAnswer.Json => true,
        OtlpAnswer.Protobuf or "application/protobuf" => false,
        _ => null,
    };
}
