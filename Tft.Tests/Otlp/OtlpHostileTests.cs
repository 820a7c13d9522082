using FsCheck;
using FsCheck.Fluent;
using Tft.Inference.Otlp.Decoding;

namespace Tft.Tests.Otlp;

/// <summary>Bytes from nobody knows where: read, or refused with the one fault there is.</summary>
[Trait("Ring", "unit")]
public sealed class OtlpHostileTests
{
    private static readonly byte[] s_protobuf = OtlpMapperTests.Full(DateTimeOffset.UnixEpoch.AddYears(50)).Protobuf();
    private static readonly byte[] s_json = OtlpMapperTests.Full(DateTimeOffset.UnixEpoch.AddYears(50)).Json();

    [Fact]
    public void Read_AnyMutationOfProtobuf_ThrowsNothingButItsFault() => Check(s_protobuf, bytes => OtlpProtobuf.Read(bytes));

    [Fact]
    public void Read_AnyMutationOfJson_ThrowsNothingButItsFault() => Check(s_json, bytes => OtlpJson.Read(bytes));

    [Fact]
    public void Read_AnyBytes_ThrowsNothingButItsFault() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes => Survives(bytes, b => OtlpProtobuf.Read(b)) && Survives(bytes, b => OtlpJson.Read(b)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    [Theory]
    [InlineData("0AFFFFFFFFFFFFFFFFFF01", "bytes where only")] // a length of 2^64 - 1
    [InlineData("0A05", "bytes where only")]
    [InlineData("0AFFFFFFFFFFFFFFFFFFFFFF01", "10 bytes")]
    [InlineData("0B", "wire type 3")]
    [InlineData("00", "field tag")]
    [InlineData("0A80", "ends within")]
    public void Read_HostileLength_IsRefusedAndSaysWhy(string hex, string why) =>
        Assert.Contains(why, Assert.Throws<OtlpFaultException>(() => OtlpProtobuf.Read(Convert.FromHexString(hex))).Message);

    [Theory]
    [InlineData("[]")]
    [InlineData("{\"resourceMetrics\":{}}")]
    [InlineData("{\"resourceMetrics\":[5]}")]
    [InlineData("{\"resourceMetrics\":[{\"resource\":{\"attributes\":[{\"key\":\"\\ud800\",\"value\":{}}]}}]}")]
    public void Read_JsonOfAnotherShape_IsRefused(string json) =>
        Assert.Throws<OtlpFaultException>(() => OtlpJson.Read(System.Text.Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void Read_NestedDeeperThanTheLimit_IsRefused() =>
        Assert.Throws<OtlpFaultException>(() => OtlpJson.Read(System.Text.Encoding.UTF8.GetBytes(new string('[', 100_000))));

    [Fact]
    public void Read_MorePointsThanTheLimit_IsTooLarge()
    {
        var points = Enumerable.Repeat(OtlpRequest.At(DateTimeOffset.UnixEpoch.AddYears(50), 1.5), OtlpLimits.MaxPoints + 1).ToArray();
        var body = new OtlpRequest().Host("a").Gauge("not.ours", points).Protobuf();
        Assert.True(Assert.Throws<OtlpFaultException>(() => OtlpProtobuf.Read(body)).TooLarge);
    }

    private static void Check(byte[] good, Func<byte[], OtlpBatch> read)
    {
        var edit = from at in Gen.Choose(0, good.Length - 1) from value in Gen.Choose(0, 255) select (at, (byte)value);
        var mutated =
            from edits in edit.ListOf(4)
            from length in Gen.Frequency((3, Gen.Constant(good.Length)), (1, Gen.Choose(0, good.Length)))
            select Mutate(good, edits, length);
        Prop.ForAll(mutated.ToArbitrary(), bytes => Survives(bytes, read)).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));
    }

    private static byte[] Mutate(byte[] good, IEnumerable<(int At, byte Value)> edits, int length)
    {
        var bytes = (byte[])good.Clone();
        foreach (var (at, value) in edits)
            bytes[at] = value;
        return bytes[..length];
    }

    private static bool Survives(byte[] bytes, Func<byte[], OtlpBatch> read)
    {
        try
        {
            _ = read(bytes);
        }
        catch (OtlpFaultException)
        {
            // the defined fault
        }

        return true;
    }
}
