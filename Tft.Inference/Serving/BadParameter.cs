using Tft.Contract.Problems;

namespace Tft.Inference.Serving;

/// <summary>A query parameter that cannot be: 400, with its name.</summary>
internal static class BadParameter
{
    public static Problem Of(string name, string what) =>
        Problem.Of(ProblemCodes.BadParameter, StatusCodes.Status400BadRequest, "A query parameter is wrong", $"{name}: {what}.");
}
