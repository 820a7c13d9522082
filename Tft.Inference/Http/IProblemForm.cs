using Tft.Contract.Problems;

namespace Tft.Inference.Http;

/// <summary>Metadata of an endpoint whose protocol has a form of its own for errors.</summary>
internal interface IProblemForm
{
    (string ContentType, byte[] Body) Write(HttpContext context, Problem problem);
}
