namespace Tft.Contract.Servers;

/// <summary>What kind of work a server does; the numbers are the model's category indices.</summary>
public enum ServerProfile : byte
{
    MlCompute = 0,
    Database = 1,
    WebApi = 2,
    ConductorMgmt = 3,
    DataIngest = 4,
    RiskAnalytics = 5,
    Generic = 6,
    Unknown = 7,
}
