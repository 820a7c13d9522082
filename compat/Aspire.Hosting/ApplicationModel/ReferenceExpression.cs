using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A text with holes that are filled when the application runs.</summary>
public class ReferenceExpression : IManifestExpressionProvider, IValueProvider, IValueWithReferences
{
    public static readonly ReferenceExpression Empty = new("", []);

    private readonly IReadOnlyList<(IValueProvider Value, string Manifest)> _holes;

    private ReferenceExpression(string format, IReadOnlyList<(IValueProvider Value, string Manifest)> holes) =>
        (Format, _holes) = (format, holes);

    /// <summary>A composite format string: <c>{0}:{1}</c>.</summary>
    public string Format { get; }

    public IReadOnlyList<IValueProvider> ValueProviders => [.. _holes.Select(hole => hole.Value)];

    public IReadOnlyList<string> ManifestExpressions => [.. _holes.Select(hole => hole.Manifest)];

    public string ValueExpression =>
        string.Format(CultureInfo.InvariantCulture, Format, [.. _holes.Select(object (hole) => hole.Manifest)]);

    IEnumerable<object> IValueWithReferences.References => _holes.Select(hole => hole.Value);

    public static ReferenceExpression Create(in ExpressionInterpolatedStringHandler handler) => handler.ToExpression();

    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken) =>
        GetValueAsync(new ValueProviderContext(), cancellationToken);

    public async ValueTask<string?> GetValueAsync(ValueProviderContext context, CancellationToken cancellationToken)
    {
        var values = new object?[_holes.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = await _holes[i].Value.GetValueAsync(context, cancellationToken);
        return string.Format(CultureInfo.InvariantCulture, Format, values);
    }

    /// <summary>Collects the pieces of <c>$"...{endpoint}..."</c>.</summary>
    [InterpolatedStringHandler]
    public ref struct ExpressionInterpolatedStringHandler(int literalLength, int formattedCount)
    {
        private readonly StringBuilder _format = new(literalLength + (3 * formattedCount));
        private readonly List<(IValueProvider Value, string Manifest)> _holes = new(formattedCount);

        public readonly void AppendLiteral(string value) =>
            _format.Append(value.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal));

        public readonly void AppendFormatted(string? value) => AppendLiteral(value ?? "");

        public readonly void AppendFormatted<T>(T valueProvider)
            where T : IValueProvider, IManifestExpressionProvider
        {
            _format.Append('{').Append(_holes.Count).Append('}');
            _holes.Add((valueProvider, valueProvider.ValueExpression));
        }

        public readonly void AppendFormatted<T>(IResourceBuilder<T> valueProvider)
            where T : IResource, IValueProvider, IManifestExpressionProvider => AppendFormatted(valueProvider.Resource);

        internal readonly ReferenceExpression ToExpression() => new(_format.ToString(), _holes);
    }
}
