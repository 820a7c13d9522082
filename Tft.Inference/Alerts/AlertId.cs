using System.Security.Cryptography;

namespace Tft.Inference.Alerts;

/// <summary>Ids that sort by time: ten characters of milliseconds, six of chance, in Crockford's base 32.</summary>
internal static class AlertId
{
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    public static string New(DateTimeOffset time) => string.Create(16, time.ToUnixTimeMilliseconds(), static (text, stamp) =>
    {
        for (var i = 9; i >= 0; i--, stamp >>= 5)
            text[i] = Alphabet[(int)(stamp & 31)];
        RandomNumberGenerator.GetItems(Alphabet, text[10..]);
    });
}
