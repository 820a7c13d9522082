namespace Tft.Inference.Otlp.Decoding;

/// <summary>A request that is no ExportMetricsServiceRequest, or one beyond the limits; the message is for the sender.</summary>
/// <param name="message">What is wrong, and where.</param>
/// <param name="tooLarge">True where a limit is passed: smaller batches would be taken.</param>
internal sealed class OtlpFaultException(string message, bool tooLarge = false) : Exception(message)
{
    public bool TooLarge => tooLarge;
}
