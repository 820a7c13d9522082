using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Tft.Contract.Servers;

/// <summary>
/// The numeric label of a server: the first 8 hex digits of SHA-256(name) as an integer, modulo 1,000,000.
/// Labels collide (1,180 servers do with even odds); names are the keys everywhere.
/// </summary>
public static class ServerId
{
    public const int Modulus = 1_000_000;

    public static string FromName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(name));
        return (BinaryPrimitives.ReadUInt32BigEndian(hash) % Modulus).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>How an id that no mapping knows is shown.</summary>
    public static string Unknown(string id) => $"UNKNOWN_{id}";
}
