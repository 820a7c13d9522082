using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.FluentUI.AspNetCore.Components;
using Tft.Dashboard.Settings;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Dashboard;

[Trait("Ring", "unit")]
public sealed partial class ThemeTests
{
    [GeneratedRegex(@"--tft-([\w-]+): #(\w{6})")]
    private static partial Regex Variable { get; }

    private static Dictionary<string, string> Colours(string theme)
    {
        var css = File.ReadAllText(TestPaths.InRoot("Tft.Dashboard", "wwwroot", "css", "theme.css"));
        var from = css.IndexOf(theme == "dark" ? ":root[data-theme=\"dark\"]" : ":root {", StringComparison.Ordinal);
        return Variable.Matches(css[from..css.IndexOf('}', from)]).ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value);
    }

    /// <summary>Contrast ratio of WCAG 2.1, 1.4.3.</summary>
    private static double Contrast(string a, string b)
    {
        static double Luminance(string hex)
        {
            double Part(int at)
            {
                var c = int.Parse(hex.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
                return c <= 0.03928 ? c / 12.92 : Math.Pow((c + 0.055) / 1.055, 2.4);
            }

            return (0.2126 * Part(0)) + (0.7152 * Part(2)) + (0.0722 * Part(4));
        }

        var (x, y) = (Luminance(a), Luminance(b));
        return (Math.Max(x, y) + 0.05) / (Math.Min(x, y) + 0.05);
    }

    [Theory]
    [InlineData("light")]
    [InlineData("dark")]
    public void Colours_EveryTextOnEveryGround_ReachAA(string theme)
    {
        var colours = Colours(theme);
        string[] texts = ["text", "dim", "accent", "critical", "warning", "watch", "healthy"];
        string[] grounds = ["bg", "card", "header", "hover", "selected"];
        var pairs = texts.SelectMany(t => grounds.Select(g => (t, g))).Concat(texts.Skip(3).Select(l => (l, l + "-bg"))).ToList();

        Assert.Equal(39, pairs.Count);
        Assert.All(pairs, p => Assert.True(Contrast(colours[p.Item1], colours[p.Item2]) >= 4.5, $"{theme}: {p.Item1} on {p.Item2} is {Contrast(colours[p.Item1], colours[p.Item2]):0.00}"));
    }

    [Fact]
    public void Cookies_Kept_AreRead()
    {
        var settings = From("tft-theme=dark; tft-zone=Europe%2FBerlin; tft-utc=0; tft-cost=900");

        Assert.Equal((DesignThemeModes.Dark, "Europe/Berlin", 900), (settings.Theme, settings.Zone.Id, settings.IncidentCost));
        Assert.Equal(TimeZoneInfo.Utc, (settings with { Utc = true }).Zone);
    }

    [Theory]
    [InlineData("")]
    [InlineData("tft-theme=\"><script>; tft-zone=../../etc/passwd; tft-utc=yes; tft-cost=-1")]
    [InlineData("tft-zone=Nowhere%2FAtAll; tft-cost=99999999999999999999")]
    public void Cookies_Nonsense_IsTheDefault(string cookies)
    {
        var settings = From(cookies);

        Assert.Equal(("system", TimeZoneInfo.Utc, UserSettings.DefaultIncidentCost), (settings.ThemeName, settings.Zone, settings.IncidentCost));
    }

    private static UserSettings From(string cookies)
    {
        var context = new DefaultHttpContext();
        context.Request.Headers.Cookie = cookies;
        return UserSettings.From(context.Request.Cookies);
    }
}
