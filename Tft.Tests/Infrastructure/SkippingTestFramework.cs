using System.Reflection;
using Xunit.Abstractions;
using Xunit.Sdk;

[assembly: TestFramework("Tft.Tests.Infrastructure." + nameof(Tft.Tests.Infrastructure.SkippingTestFramework), "Tft.Tests")]

namespace Tft.Tests.Infrastructure;

/// <summary>
/// xunit 2.9's framework, plus run-time skips: the assertion library knows the marker, the runner of version 2 does not.
/// A failure that carries <see cref="SkipUnless.Marker"/> is reported as skipped.
/// </summary>
public sealed class SkippingTestFramework(IMessageSink messageSink) : XunitTestFramework(messageSink)
{
    protected override ITestFrameworkExecutor CreateExecutor(AssemblyName assemblyName)
        => new Executor(assemblyName, SourceInformationProvider, DiagnosticMessageSink);

    private sealed class Executor(AssemblyName assembly, ISourceInformationProvider sources, IMessageSink diagnostics)
        : XunitTestFrameworkExecutor(assembly, sources, diagnostics)
    {
        protected override void RunTestCases(
            IEnumerable<IXunitTestCase> testCases, IMessageSink executionMessageSink, ITestFrameworkExecutionOptions executionOptions)
            => base.RunTestCases(testCases, new SkipSink(executionMessageSink), executionOptions);
    }

    private sealed class SkipSink(IMessageSink next) : LongLivedMarshalByRefObject, IMessageSink
    {
        public bool OnMessage(IMessageSinkMessage message)
        {
            if (message is ITestFailed { Messages: [{ } text, ..] } failed)
            {
                var at = text.IndexOf(SkipUnless.Marker, StringComparison.Ordinal);
                if (at >= 0) return next.OnMessage(new TestSkipped(failed.Test, text[(at + SkipUnless.Marker.Length)..]));
            }

            return next.OnMessage(message);
        }
    }
}
