// A resource for the tests of the hosting stand-in: tells what it was given, and misbehaves when asked to.
using System.Collections;

var builder = WebApplication.CreateSlimBuilder(args);
var app = builder.Build();

var healthyFrom = TimeSpan.FromMilliseconds(builder.Configuration.GetValue("EchoApp:HealthyAfterMs", 0));
var started = TimeProvider.System.GetTimestamp();

app.MapGet("/", () => Environment.ProcessId);
app.MapGet("/health", () => TimeProvider.System.GetElapsedTime(started) >= healthyFrom ? Results.Ok() : Results.StatusCode(503));
app.MapGet("/variables", () => Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(pair => (string)pair.Key, pair => (string?)pair.Value));
app.MapGet("/arguments", () => args);
app.MapGet("/directory", () => Environment.CurrentDirectory);
app.MapPost("/exit/{code:int}", (int code) => Environment.Exit(code));
app.Run();
