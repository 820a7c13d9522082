using System.Numerics;

namespace Tft.Inference.Cascades;

/// <summary>
/// How alike the changes of two servers are, one of them shifted: of changes over a quarter of an hour, because two courses that follow the same day are alike
/// whatever they have to do with each other.
/// </summary>
/// <param name="Value">Pearson's r, -1..1; NaN where one of them does not move, or too little is known.</param>
/// <param name="Shift">Steps by which the second follows the first; negative where it goes ahead.</param>
/// <param name="Buckets">Steps that are known of both.</param>
/// <param name="Measured">How many of them were measured on both.</param>
internal readonly record struct LaggedCorrelation(double Value, int Shift, int Buckets, int Measured)
{
    /// <summary>An hour either way.</summary>
    public const int LargestShift = 12;

    /// <summary>Two hours: less says nothing.</summary>
    public const int LeastBuckets = 24;

    private const int ChangeSteps = 3;

    /// <summary>Changes of a course: NaN where one of both ends is not known.</summary>
    public static float[] ChangesOf(ReadOnlySpan<float> course)
    {
        var changes = new float[course.Length];
        Array.Fill(changes, float.NaN, 0, Math.Min(ChangeSteps, changes.Length));
        for (var i = ChangeSteps; i < changes.Length; i++)
            changes[i] = course[i] - course[i - ChangeSteps];
        return changes;
    }

    private static readonly LaggedCorrelation s_none = new(double.NaN, 0, 0, 0);

    /// <summary>The shift at which two courses of the same length are most alike; of two alike the smaller.</summary>
    /// <param name="first">What the other is compared with.</param>
    /// <param name="second">The other.</param>
    /// <param name="past">Steps of both that were measured.</param>
    public static LaggedCorrelation Best(ComparedCourse first, ComparedCourse second, int past)
    {
        var best = At(first, second, 0);
        for (var shift = 1; shift <= LargestShift; shift++)
        {
            // the second follows: that is asked first, for the first is who rose first
            best = Better(best, At(first, second, shift));
            best = Better(best, At(first, second, -shift));
        }

        return double.IsNaN(best.Value) ? s_none : best with { Measured = MeasuredOf(first, second, best.Shift, past) };
    }

    private static LaggedCorrelation Better(LaggedCorrelation best, LaggedCorrelation next) => double.IsNaN(best.Value) || next.Value > best.Value + 1e-5 ? next : best;

    private static LaggedCorrelation At(ComparedCourse first, ComparedCourse second, int shift)
    {
        var (from, length) = (Math.Max(0, -shift), first.Value.Length - Math.Abs(shift));
        var sums = new Sums();
        sums.Add(first, second, from, from + shift, length);
        var (varX, varY) = (sums.XX - (sums.X * sums.X / sums.N), sums.YY - (sums.Y * sums.Y / sums.N));
        return sums.N < LeastBuckets || !(varX > 1e-6 * sums.N) || !(varY > 1e-6 * sums.N)
            ? s_none
            : new(Math.Clamp((sums.XY - (sums.X * sums.Y / sums.N)) / Math.Sqrt(varX * varY), -1, 1), shift, (int)sums.N, 0);
    }

    private static int MeasuredOf(ComparedCourse first, ComparedCourse second, int shift, int past)
    {
        var n = 0;
        for (var i = Math.Max(0, -shift); i < past && i + shift < past; i++)
            n += first.Known[i] * second.Known[i + shift] > 0 ? 1 : 0;
        return n;
    }

    /// <summary>What Pearson's r is made of, over the steps that are known of both.</summary>
    private struct Sums
    {
        public double N;
        public double X;
        public double Y;
        public double XX;
        public double YY;
        public double XY;

        public void Add(ComparedCourse first, ComparedCourse second, int from, int other, int length)
        {
            Vector<float> n = default, x = default, y = default, xx = default, yy = default, xy = default;
            var i = 0;
            for (; i <= length - Vector<float>.Count; i += Vector<float>.Count)
            {
                var (a, b) = (new Vector<float>(first.Value, from + i), new Vector<float>(second.Value, other + i));
                var (inA, inB) = (new Vector<float>(first.Known, from + i), new Vector<float>(second.Known, other + i));
                n += inA * inB;
                x += a * inB;
                y += b * inA;
                xx += new Vector<float>(first.Square, from + i) * inB;
                yy += new Vector<float>(second.Square, other + i) * inA;
                xy += a * b;
            }

            (N, X, Y) = (Vector.Sum(n), Vector.Sum(x), Vector.Sum(y));
            (XX, YY, XY) = (Vector.Sum(xx), Vector.Sum(yy), Vector.Sum(xy));
            for (; i < length; i++)
            {
                var (a, b, inA, inB) = (first.Value[from + i], second.Value[other + i], first.Known[from + i], second.Known[other + i]);
                (N, X, Y) = (N + (inA * inB), X + (a * inB), Y + (b * inA));
                (XX, YY, XY) = (XX + (first.Square[from + i] * inB), YY + (second.Square[other + i] * inA), XY + (a * b));
            }
        }
    }
}
