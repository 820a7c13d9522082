namespace Tft.Inference.Cascades;

/// <summary>A course as it is compared: about its mean, zero where nothing is known, with its squares and where it is known. Made once, compared often.</summary>
internal sealed class ComparedCourse
{
    /// <param name="course">NaN where nothing is known.</param>
    public ComparedCourse(ReadOnlySpan<float> course)
    {
        (Value, Square, Known) = (new float[course.Length], new float[course.Length], new float[course.Length]);
        double sum = 0;
        var n = 0;
        foreach (var value in course)
        {
            if (!float.IsNaN(value))
                (sum, n) = (sum + value, n + 1);
        }

        var mean = n == 0 ? 0 : (float)(sum / n);
        for (var i = 0; i < course.Length; i++)
        {
            if (!float.IsNaN(course[i]))
                (Value[i], Square[i], Known[i]) = (course[i] - mean, (course[i] - mean) * (course[i] - mean), 1);
        }
    }

    public float[] Value { get; }
    public float[] Square { get; }

    /// <summary>1 or 0.</summary>
    public float[] Known { get; }
}
