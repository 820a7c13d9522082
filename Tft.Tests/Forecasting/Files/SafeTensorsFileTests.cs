using System.Buffers.Binary;
using System.Text;
using Tft.Forecasting.Files;
using Tft.Forecasting.Network;

namespace Tft.Tests.Forecasting.Files;

[Trait("Ring", "unit")]
public sealed class SafeTensorsFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tft-files").FullName;

    [Fact]
    public void WriteThenRead_TensorsAndMetadata_AreTheSame()
    {
        var path = Path.Combine(_folder, "a.safetensors");
        SafeTensorsFile.Write(
            path,
            [SafeTensor.Of("x", [2, 3], [1f, 2f, 3f, 4f, 5f, float.NaN]), SafeTensor.Of("empty", [0, 4], ReadOnlySpan<float>.Empty), SafeTensor.Of("n", [2], [7L, -1L])],
            new Dictionary<string, string> { ["text"] = "ä \"quoted\"" });

        var file = SafeTensorsFile.Read(path);

        Assert.Equal([2, 3], file["x"].Shape);
        Assert.Equal([1f, 2f, 3f, 4f, 5f, float.NaN], file["x"].Floats.ToArray());
        Assert.Equal([7L, -1L], file["n"].Integers.ToArray());
        Assert.Equal(0, file["empty"].Floats.Length);
        Assert.Equal("ä \"quoted\"", file.Metadata["text"]);
        Assert.Single(Directory.GetFiles(_folder));
    }

    [Theory]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8, null)]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 7, "has bytes")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 12, "belong to no tensor")]
    [InlineData("""{"x":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8, "8 bytes for 3 elements")]
    [InlineData("""{"x":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", 8, "no valid shape")]
    [InlineData("""{"x":{"dtype":"F32","shape":[65536,65536,65536],"data_offsets":[0,8]}}""", 8, "no valid shape")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2.5],"data_offsets":[0,8]}}""", 8, "no valid shape")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", 8, "has bytes")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}""", 8, "has bytes")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,99999999999999999999]}}""", 8, "has bytes")]
    [InlineData("""{"x":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}}""", 4, "type 'F16'")]
    [InlineData("""{"x":{"shape":[2],"data_offsets":[0,8]}}""", 8, "not valid")]
    [InlineData("""{"x":5}""", 8, "not valid")]
    [InlineData("""[1,2]""", 8, "not valid")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}""", 8, "not valid")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"y":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8, "inside another one")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"y":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}""", 12, "after a hole")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"x":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "twice")]
    public void Parse_Header_IsTakenOrRefusedWithTheReason(string header, int body, string? reason)
    {
        var bytes = new byte[8 + header.Length + body];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, header.Length);
        Encoding.ASCII.GetBytes(header).CopyTo(bytes, 8);

        if (reason is null)
        {
            Assert.Equal(2, SafeTensorsFile.Parse(bytes)["x"].Floats.Length);
            return;
        }

        var error = Assert.Throws<InvalidDataException>(() => SafeTensorsFile.Parse(bytes));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 1, 2, 3 })]
    [InlineData(new byte[] { 255, 255, 255, 255, 255, 255, 255, 255, 0, 0 })]
    [InlineData(new byte[] { 3, 0, 0, 0, 0, 0, 0, 0, 123, 125 })]
    public void Parse_HostileLength_IsRefused(byte[] bytes) => Assert.Throws<InvalidDataException>(() => SafeTensorsFile.Parse(bytes));

    [Fact]
    public void Parse_EveryTruncation_IsRefused()
    {
        var path = Path.Combine(_folder, "w.safetensors");
        WeightsFile.Save(path, Weights());
        var bytes = File.ReadAllBytes(path);

        for (var length = 0; length < bytes.Length; length += 97)
        {
            Assert.Throws<InvalidDataException>(() => SafeTensorsFile.Parse(bytes.AsMemory(0, length)));
        }
    }

    [Fact]
    public void SaveThenLoad_Weights_AreTheSame()
    {
        var (path, weights) = (Path.Combine(_folder, "w.safetensors"), Weights());

        WeightsFile.Save(path, weights);
        var read = WeightsFile.Load(path);

        Assert.Equal(weights.Data, read.Data);
        Assert.Equal(weights.Config.Quantiles, read.Config.Quantiles);
        Assert.Equal(weights.Config.Hidden, read.Config.Hidden);
    }

    [Theory]
    [InlineData("head.bias", null, "no tensor 'head.bias'")]
    [InlineData("head.bias", "head.bia", "no tensor 'head.bias'")]
    [InlineData(null, "surplus", "'surplus' is not of this network")]
    public void Load_TensorMissingOrUnknown_SaysWhich(string? without, string? with, string reason)
    {
        var (path, weights) = (Path.Combine(_folder, "w.safetensors"), Weights());
        WeightsFile.Save(path, weights);
        var file = SafeTensorsFile.Read(path);
        var tensors = file.Tensors.Values.Where(t => t.Name != without).ToList();
        if (with is not null)
        {
            tensors.Add(SafeTensor.Of(with, [1], [1f]));
        }

        SafeTensorsFile.Write(path, tensors, file.Metadata);

        var error = Assert.Throws<InvalidDataException>(() => WeightsFile.Load(path));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_WeightThatIsNoNumber_IsRefused()
    {
        var (path, weights) = (Path.Combine(_folder, "w.safetensors"), Weights());
        weights["head.bias"][0] = float.NaN;
        WeightsFile.Save(path, weights);

        Assert.Contains("'head.bias' holds NaN", Assert.Throws<InvalidDataException>(() => WeightsFile.Load(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_ConfigOfNoNetwork_SaysWhy()
    {
        var path = Path.Combine(_folder, "w.safetensors");
        SafeTensorsFile.Write(path, [], new Dictionary<string, string> { ["config"] = """{"hidden":7,"heads":2,"quantiles":[0.9,0.1]}""" });

        var error = Assert.Throws<InvalidDataException>(() => WeightsFile.Load(path));

        Assert.Contains("heads 2 does not divide hidden 7", error.Message, StringComparison.Ordinal);
        Assert.Contains("do not rise", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static TftWeights Weights()
    {
        var weights = new TftWeights(new TftConfig { Hidden = 6, Heads = 2, Encoder = 4, Decoder = 2, Metrics = 2, Known = 0, Future = 1, ObservedSizes = [2] });
        weights.Initialize(1);
        return weights;
    }
}
