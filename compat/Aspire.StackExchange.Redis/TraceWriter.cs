using System.Text;
using Microsoft.Extensions.Logging;

namespace Aspire.StackExchange.Redis;

/// <summary>The library narrates its connecting to a text writer; here it goes to the log's lowest level.</summary>
internal sealed class TraceWriter(ILogger logger) : TextWriter
{
    public override Encoding Encoding => Encoding.UTF8;

    public override void WriteLine(string? value) => Write(value);

    public override void Write(char value)
    {
        // Single characters are line ends; whole lines come as strings.
    }

    public override void Write(string? value)
    {
        if (!string.IsNullOrWhiteSpace(value)) logger.LogTrace("{Line}", value.TrimEnd());
    }
}
