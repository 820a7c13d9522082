using Tft.Forecasting.Data;
using Tft.Forecasting.Recipe;
using Tft.Forecasting.Recipe.Tables;

namespace Tft.Forecasting.State;

/// <summary>
/// Memory into which the states of servers are unpacked one after the other, so that forecasting from kept states allocates next to nothing. One instance belongs to
/// one thread; what it gave is valid until it is asked again.
/// </summary>
internal sealed class UnpackedServer(RecipeModel recipe)
{
    private readonly List<Room?> _rooms = [];

    /// <summary>The state of a server; without coefficients of its own those of a typical metric with weeks of history.</summary>
    public LearnedServer Unpack(PackedTables tables, PackedCoefficients? coefficients)
    {
        var room = Of(tables.Metrics);
        tables.Unpack(room.Own.Tables);
        if (coefficients is null)
            return room.Pooled;
        coefficients.Unpack(room.Own.Series);
        return room.Own;
    }

    private Room Of(int metrics)
    {
        while (_rooms.Count <= metrics)
            _rooms.Add(null);
        return _rooms[metrics] ??= new Room(metrics, recipe);
    }

    private sealed class Room
    {
        public Room(int metrics, RecipeModel recipe)
        {
            static float[] Coarse() => new float[DayProfile.Coarse];
            SeriesTables[] each =
                [.. Enumerable.Range(0, metrics).Select(_ => new SeriesTables(new DayProfile(new float[Protocol.Day], Coarse(), Coarse(), Coarse(), Coarse()), 0, 1, 1, 0))];
            var tables = new ServerTables(each, new float[metrics * metrics]);
            Own = new LearnedServer(tables, PackedCoefficients.Room(metrics));
            Pooled = new LearnedServer(tables, [.. Enumerable.Repeat(recipe.Pooled, metrics)]);
        }

        public LearnedServer Own { get; }

        public LearnedServer Pooled { get; }
    }
}
