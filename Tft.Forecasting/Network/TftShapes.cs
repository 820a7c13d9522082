namespace Tft.Forecasting.Network;

/// <summary>Names and shapes of a network's weights, as the reference implementation has them.</summary>
internal static class TftShapes
{
    public static IEnumerable<(string Name, int[] Shape)> Of(TftConfig c)
    {
        int h = c.Hidden, s = c.StaticSizes.Length;
        var tensors = new List<(string, int[])>();
        Scalars(tensors, "known", c.Known, h, always: true);
        Scalars(tensors, "metric", c.Metrics, h, always: true);
        Scalars(tensors, "past", c.Past, h, always: false);
        Scalars(tensors, "future", c.Future, h, always: false);
        for (var i = 0; i < s; i++)
        {
            tensors.Add(($"static_embedding.{i}.weight", [c.StaticSizes[i], h]));
        }

        for (var i = 0; i < c.ObservedSizes.Length; i++)
        {
            tensors.Add(($"observed_embedding.{i}.weight", [c.ObservedSizes[i], h]));
        }

        if (s > 0)
        {
            Selection(tensors, "static_selection", s, h, context: false);
        }

        foreach (var name in (string[])["selection", "enrichment", "hidden", "cell"])
        {
            Grn(tensors, "static_context." + name, h, h, h, context: false);
        }

        Selection(tensors, "history_selection", c.HistoryVariables, h, context: true);
        Selection(tensors, "future_selection", c.FutureVariables, h, context: true);
        foreach (var name in (string[])["history_lstm", "future_lstm"])
        {
            tensors.Add((name + ".weight_ih_l0", [4 * h, h]));
            tensors.Add((name + ".weight_hh_l0", [4 * h, h]));
            tensors.Add((name + ".bias_ih_l0", [4 * h]));
            tensors.Add((name + ".bias_hh_l0", [4 * h]));
        }

        Gate(tensors, "lstm_glu", "lstm_norm", h, h);
        Grn(tensors, "enrichment", h, h, h, context: true);
        tensors.Add(("attention.query.weight", [h, h]));
        tensors.Add(("attention.key.weight", [h, h]));
        tensors.Add(("attention.value.weight", [h / c.Heads, h]));
        tensors.Add(("attention.out.weight", [h, h / c.Heads]));
        Gate(tensors, "attention_glu", "attention_norm", h, h);
        Grn(tensors, "feed_forward", h, h, h, context: false);
        Gate(tensors, "output_glu", "output_norm", h, h);
        LinearOf(tensors, "head", h, c.Metrics * c.Quantiles.Length);
        return tensors;
    }

    // without known covariates their tensors are there all the same, empty: the reference's files have them so
    private static void Scalars(List<(string, int[])> tensors, string name, int count, int h, bool always)
    {
        if (count > 0 || always)
        {
            tensors.Add((name + "_weight", [count, h]));
            tensors.Add((name + "_bias", [count, h]));
        }
    }

    private static void LinearOf(List<(string, int[])> tensors, string name, int width, int outputs)
    {
        tensors.Add((name + ".weight", [outputs, width]));
        tensors.Add((name + ".bias", [outputs]));
    }

    private static void Gate(List<(string, int[])> tensors, string glu, string norm, int width, int outputs)
    {
        LinearOf(tensors, glu + ".linear", width, 2 * outputs);
        tensors.Add((norm + ".weight", [outputs]));
        tensors.Add((norm + ".bias", [outputs]));
    }

    private static void Grn(List<(string, int[])> tensors, string name, int width, int hidden, int outputs, bool context)
    {
        LinearOf(tensors, name + ".fc1", width, hidden);
        if (context)
        {
            tensors.Add((name + ".context.weight", [hidden, hidden]));
        }

        LinearOf(tensors, name + ".fc2", hidden, hidden);
        if (width != outputs)
        {
            LinearOf(tensors, name + ".skip", width, outputs);
        }

        Gate(tensors, name + ".glu", name + ".norm", hidden, outputs);
    }

    private static void Selection(List<(string, int[])> tensors, string name, int variables, int h, bool context)
    {
        Grn(tensors, name + ".joint", variables * h, h, variables, context);
        for (var i = 0; i < variables; i++)
        {
            Grn(tensors, $"{name}.each.{i}", h, h, h, context: false);
        }
    }
}
