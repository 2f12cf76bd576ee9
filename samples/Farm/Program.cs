// A farm: silos that draw, clients that submit and watch, and a demonstration in which a silo is killed.
using System.CommandLine;
using DiffusionSharp.Samples;

var mode = new Argument<string>("mode") { Description = "What this process is: a silo, a client, the demonstration, or a measurement of what the farm costs." };
mode.AcceptOnlyFromAmong("silo", "client", "demo", "cost");
var prompts = new Option<string[]>("--prompt") { Description = "What a client draws; several prompts are several jobs.", DefaultValueFactory = _ => ["a red apple", "a red heart", "a house", "a taxi"], AllowMultipleArgumentsPerToken = true };
var steps = new Option<int>("--steps") { Description = "Denoising steps of each picture.", DefaultValueFactory = _ => 100 };
var redis = new Option<string?>("--redis") { Description = "host:port of a Redis server for clustering and state; without one the farm is on this machine." };
var sqlite = new Option<string?>("--sqlite") { Description = "A file for the state of a farm on this machine; in memory without one." };
var primary = new Option<int>("--primary") { Description = "Silo port of the first silo on this machine, which the others join; 0 for the first one itself." };
var siloPort = new Option<int>("--silo-port") { Description = "Port for other silos; 0 for any.", DefaultValueFactory = _ => 11111 };
var gatewayPort = new Option<int>("--gateway-port") { Description = "Port for clients; 0 for any.", DefaultValueFactory = _ => 30000 };
var blobs = new Option<string>("--blobs") { Description = "The folder of the pictures, which all silos share.", DefaultValueFactory = _ => "farm-pictures" };
var turns = new Option<int>("--turns") { Description = "How many jobs a silo works on at a time.", DefaultValueFactory = _ => 2 };
var patient = new Option<bool>("--patient") { Description = "Takes Orleans' own time until a silo is declared dead, instead of two missed probes of a second." };
var signal = new Option<string>("--signal") { Description = "What the demonstration sends to a silo: KILL, TERM or STOP.", DefaultValueFactory = _ => "KILL" };
signal.AcceptOnlyFromAmong("KILL", "TERM", "STOP");
var output = new Option<string>("--output", "-o") { Description = "Where the demonstration writes its pictures.", DefaultValueFactory = _ => "farm.png" };
var command = new RootCommand("Draws on a farm of silos.") { mode, prompts, steps, redis, sqlite, primary, siloPort, gatewayPort, blobs, turns, patient, signal, output };

return await SampleApp.RunAsync(command, args, (parsed, cancellationToken) =>
{
    var settings = new FarmSettings
    {
        Redis = parsed.GetValue(redis),
        Sqlite = parsed.GetValue(sqlite),
        PrimaryPort = parsed.GetValue(primary),
        SiloPort = parsed.GetValue(siloPort),
        GatewayPort = parsed.GetValue(gatewayPort),
        Blobs = Path.GetFullPath(parsed.GetValue(blobs)!),
        Turns = parsed.GetValue(turns),
        IsPatient = parsed.GetValue(patient),
    };
    return parsed.GetValue(mode) switch
    {
        "silo" => SiloMode.RunAsync(settings, cancellationToken),
        "client" => ClientMode.RunAsync(settings, parsed.GetValue(prompts)!, parsed.GetValue(steps), cancellationToken),
        "demo" => new DemoMode(settings, parsed.GetValue(prompts)!, parsed.GetValue(steps), parsed.GetValue(signal)!, parsed.GetValue(output)!).RunAsync(cancellationToken),
        _ => CostMode.RunAsync(settings, parsed.GetValue(steps), cancellationToken),
    };
});
