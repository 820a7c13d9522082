using System.Text.Encodings.Web;
using System.Text.Json;

namespace Tft.Inference.Serving.Json;

/// <summary>Options of every writer: the answers are built by code, so their structure needs no check at run time.</summary>
internal static class JsonWriting
{
    public static JsonWriterOptions Options { get; } = new() { SkipValidation = true, Encoder = JavaScriptEncoder.Default };
}
