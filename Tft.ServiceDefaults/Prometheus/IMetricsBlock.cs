namespace Tft.ServiceDefaults.Prometheus;

/// <summary>
/// Families of GET /metrics that no meter measures, such as forecasts. Registered as a service; asked at each scrape, after
/// the meters. Names must not repeat those of another block or meter.
/// </summary>
public interface IMetricsBlock
{
    void Write(PrometheusWriter writer);
}
