using Tft.Forecasting.Engines;
using Tft.Forecasting.Network;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Forecasting.Engines;

[Trait("Ring", "unit")]
public sealed class IncrementalModelTests
{
    private const int Servers = 6;

    private static readonly TftConfig s_config = new()
    {
        Hidden = 16, Heads = 2, Encoder = 24, Decoder = 6, Metrics = 3, Known = 2, StaticSizes = [4], ObservedSizes = [9], Past = 1, Future = 0,
    };

    private static int Size => s_config.Decoder * s_config.Metrics * s_config.Quantiles.Length;

    [Fact]
    public void Forecast_ThousandMovesGapsAndCorrections_EqualsFromScratch()
    {
        var (weights, random) = (Weights(), new Random(4));
        using var scratch = new ManagedEngine(1).Load(weights);
        using var incremental = new IncrementalModel(weights, 2, servers: 4);
        var fleet = Enumerable.Range(0, Servers).Select(_ => new Server(random)).ToArray();
        var (expected, actual) = (new float[Servers * Size], new float[Servers * Size]);
        var worst = 0f;

        for (var move = 0; move < 1000; move++)
        {
            var chosen = Enumerable.Range(0, Servers).Where(_ => random.Next(2) == 0).DefaultIfEmpty(0).ToArray();
            var batch = new WindowBatch(s_config, Servers) { Count = chosen.Length };
            for (var i = 0; i < chosen.Length; i++)
            {
                fleet[chosen[i]].Change(random);
                fleet[chosen[i]].Fill(batch, i, chosen[i]);
            }

            scratch.Forecast(batch, expected);
            incremental.Forecast(batch, [.. chosen.Select(s => (long)s)], [.. chosen.Select(s => fleet[s].Origin)], actual);

            for (var i = 0; i < chosen.Length * Size; i++)
            {
                worst = Math.Max(worst, Math.Abs(expected[i] - actual[i]));
            }
        }

        Assert.True(worst < 1e-5f, $"largest difference {worst}");
        Assert.True(incremental.Servers <= 4, $"{incremental.Servers} servers are kept");
        Assert.True(incremental.Evicted > 100, $"{incremental.Evicted} evictions");
        Assert.True(incremental.Recalled > incremental.Computed / 2, $"{incremental.Recalled} recalled, {incremental.Computed} computed");
    }

    [Fact]
    public void Forecast_WindowMovedByOneStep_ComputesOneStep()
    {
        var random = new Random(4);
        using var model = new IncrementalModel(Weights(), 1, servers: 1);
        var (server, quantiles, batch) = (new Server(random), new float[Size], new WindowBatch(s_config, 1) { Count = 1 });
        server.Fill(batch, 0, 0);
        model.Forecast(batch, [0], [server.Origin], quantiles);
        var before = model.Computed;

        server.Move(random);
        server.Fill(batch, 0, 0);
        model.Forecast(batch, [0], [server.Origin], quantiles);

        Assert.Equal(s_config.Encoder, before);
        Assert.Equal(before + 1, model.Computed);
        Assert.Equal(s_config.Encoder - 1, model.Recalled);
    }

    [Fact]
    public void Forecast_OtherStatics_ComputesAll()
    {
        var random = new Random(4);
        using var model = new IncrementalModel(Weights(), 1, servers: 1);
        var (server, quantiles, batch) = (new Server(random), new float[Size], new WindowBatch(s_config, 1) { Count = 1 });
        server.Fill(batch, 0, 0);
        model.Forecast(batch, [0], [server.Origin], quantiles);

        batch.Static[0] = 3;
        model.Forecast(batch, [0], [server.Origin], quantiles);

        Assert.Equal(2 * s_config.Encoder, model.Computed);
    }

    [Fact]
    public async Task Forecast_OneServerFromSeveralThreads_GivesEachTheSame()
    {
        var random = new Random(4);
        using var model = new IncrementalModel(Weights(), 2, servers: 2);
        var (server, batch, expected) = (new Server(random), new WindowBatch(s_config, 1) { Count = 1 }, new float[Size]);
        server.Fill(batch, 0, 0);
        model.Forecast(batch, [0], [server.Origin], expected);

        var callers = Enumerable.Range(0, 4).Select(caller => Task.Run(() =>
        {
            var own = new float[Size];
            for (var i = 0; i < 50; i++)
            {
                model.Forecast(batch, [(caller + i) % 5], [server.Origin], own);
                Assert.Equal(expected, own);
            }
        }));

        await Task.WhenAll(callers).WaitAsync(Eventually.Long);
    }

    [Fact]
    public void Forecast_FewerServersThanWindows_IsRefused()
    {
        using var model = new IncrementalModel(Weights(), 1, servers: 1);

        Assert.Throws<ArgumentException>(() => model.Forecast(new WindowBatch(s_config, 2) { Count = 2 }, [1], [1, 2], new float[2 * Size]));
    }

    private static TftWeights Weights()
    {
        var weights = new TftWeights(s_config);
        weights.Initialize(1);
        return weights;
    }

    /// <summary>A server's history, which moves on, has gaps, and is corrected late.</summary>
    private sealed class Server
    {
        private const int Columns = 6;
        private readonly List<float[]> _steps = [];
        private readonly List<int> _states = [];

        public Server(Random random)
        {
            for (var i = 0; i < s_config.Encoder; i++)
            {
                Move(random);
            }
        }

        public long Origin => _steps.Count - 1;

        public void Change(Random random)
        {
            var what = random.Next(10);
            var moves = what < 6 ? 1 : what == 6 ? random.Next(2, 40) : 0;
            for (var i = 0; i < moves; i++)
            {
                Move(random);
            }

            var at = _steps.Count - 1 - random.Next(s_config.Encoder);
            if (what == 7)
            {
                // a late correction inside the window
                _steps[at][2] = (float)random.NextDouble();
            }
            else if (what == 8)
            {
                // a late record fills a gap
                _states[at] = random.Next(8);
            }
        }

        public void Move(Random random)
        {
            var gap = _steps.Count > 0 && random.Next(5) == 0;
            _steps.Add(gap ? (float[])_steps[^1].Clone() : [.. Enumerable.Range(0, Columns).Select(_ => (float)((random.NextDouble() * 4) - 2))]);
            _states.Add(gap ? 8 : random.Next(8));
        }

        public void Fill(WindowBatch batch, int slot, int profile)
        {
            var c = s_config;
            batch.Static[slot] = profile % 4;
            for (var t = 0; t < c.Encoder; t++)
            {
                var step = _steps[_steps.Count - c.Encoder + t];
                var at = (slot * c.Encoder) + t;
                step.AsSpan(0, 3).CopyTo(batch.Metrics.AsSpan(at * 3));
                step.AsSpan(3, 2).CopyTo(batch.Known.AsSpan(((slot * c.Steps) + t) * 2));
                batch.Past[at] = step[5];
                batch.Observed[at] = _states[_steps.Count - c.Encoder + t];
            }

            batch.Known.AsSpan(((slot * c.Steps) + c.Encoder) * 2, c.Decoder * 2).Fill(0.25f);
        }
    }
}
