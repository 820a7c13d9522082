using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Logs;

/// <summary>Writes each message as one line to a resource's output.</summary>
internal sealed class LineLogger(Action<string, bool> write) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var text = formatter(state, exception);
        write(exception is null ? text : $"{text} {exception.Message}", logLevel >= LogLevel.Error);
    }
}
