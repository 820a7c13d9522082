using Tft.Inference.Commands.Train;
using Tft.Tests.Forecasting.Data;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Commands;

/// <summary>A training that is killed and started again gives the model of one that was not.</summary>
[Trait("Ring", "service")]
public sealed class TrainKillTests : IDisposable
{
    /// <summary>So many that the second network is at work for long after its first checkpoint, when it is killed.</summary>
    private const int NearSteps = 120;

    private readonly TempFolder _folder = new();

    [Theory]
    [InlineData("30", "--trees", "3")]
    [InlineData("24", "--validation", "1", "--schedule", "plateau")]
    public async Task Kill9AfterACheckpoint_TheSameCommandAgain_GivesTheSameModelToTheByte(string steps, params string[] more)
    {
        SeriesFiles.WriteCsv(_folder.File("data"), SyntheticSeries.Create(21, metrics: 1, days: 5, fitDays: 4));
        SeriesFiles.WriteCsv(_folder.File("data"), SyntheticSeries.Create(22, metrics: 1, days: 5, fitDays: 4, gaps: 0.05));
        await using (var whole = Train("whole/model", steps, more))
            Assert.True(await whole.ExitAsync(Eventually.Long) == 0, whole.Output);

        var checkpoints = Path.Combine(_folder.Path, "killed", ".checkpoints");
        await using (var killed = Train("killed/model", steps, more))
        {
            await Eventually.True(() => Found(checkpoints, "network1.safetensors").Length > 0 || killed.HasExited, "the second network has a checkpoint", Eventually.Long);
            Assert.False(killed.HasExited, killed.Output);
            killed.Kill();
        }

        Assert.False(Directory.Exists(_folder.File("killed/model")));

        await using var resumed = Train("killed/model", steps, more);
        Assert.True(await resumed.ExitAsync(Eventually.Long) == 0, resumed.Output);
        Assert.Contains($"network 1 goes on at step {steps}", resumed.Output, StringComparison.Ordinal);
        Assert.Contains("network 2 goes on at step ", resumed.Output, StringComparison.Ordinal);
        Assert.DoesNotContain($"network 2 goes on at step {NearSteps}", resumed.Output, StringComparison.Ordinal);
        Assert.Equal(Model("whole"), Model("killed"));
        Assert.Empty(Found(checkpoints, "*"));
    }

    [Fact]
    public void Open_WithAWriteThatWasCutOff_RemovesItAndKeepsTheCheckpoint()
    {
        var folder = CheckpointFolder.Open(_folder.File("model"), "a").FullName;
        foreach (var name in (string[])["network0.safetensors", "network0.safetensors.17.tmp"])
            File.WriteAllText(Path.Combine(folder, name), "");

        CheckpointFolder.Open(_folder.File("model"), "a");

        Assert.Equal(["network0.safetensors"], Directory.GetFiles(folder).Select(Path.GetFileName));
    }

    public void Dispose() => _folder.Dispose();

    private static string[] Found(string folder, string pattern) =>
        Directory.Exists(folder) ? Directory.GetFiles(folder, pattern, SearchOption.AllDirectories) : [];

    private ServiceProcess Train(string target, string steps, string[] more) => ServiceProcess.Start(
        "Tft.Inference", _folder, [],
        ["train", "--data", "data", "--out", target, "--networks", "1", "--near", "1", "--near-steps", $"{NearSteps}", "--hidden", "8", "--steps", steps, "--batch", "4", "--origin-step", "12", "--checkpoint-every", "3", .. more]);

    private byte[] Model(string run) => File.ReadAllBytes(_folder.File(Path.Combine(run, "model", "model.safetensors")));
}
