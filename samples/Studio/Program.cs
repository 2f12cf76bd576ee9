// A studio in the browser: prompts, pictures, masks, samplers beside each other, and the way from noise to picture as a slider.
using System.CommandLine;
using System.Diagnostics;
using DiffusionSharp.Samples;
using DiffusionSharp.Studio;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;

var port = new Option<int>("--port") { Description = "Where it listens, on this machine only.", DefaultValueFactory = _ => 5178 };
var model = new Option<string>("--model") { Description = "A model folder (model_index.json); the embedded emoji model by default." };
var noBrowser = new Option<bool>("--no-browser") { Description = "Does not open the page." };
var command = new RootCommand("A studio in the browser.") { port, model, noBrowser };

return await SampleApp.RunAsync(command, args, async (parsed, cancellationToken) =>
{
    await using WebApplication app = StudioServer.Build(parsed.GetValue(port), parsed.GetValue(model));
    await app.StartAsync(cancellationToken);
    string address = $"http://localhost:{StudioServer.PortOf(app)}/";
    Console.WriteLine($"The studio is at {address} (Ctrl+C ends it).");
    if (!parsed.GetValue(noBrowser))
    {
        OpenBrowser(address);
    }

    await app.WaitForShutdownAsync(cancellationToken);
});

// Where there is no browser, the address has been said.
static void OpenBrowser(string address)
{
    try
    {
        Process.Start(new ProcessStartInfo(address) { UseShellExecute = true })?.Dispose();
    }
    catch (Exception e) when (e is System.ComponentModel.Win32Exception or InvalidOperationException or PlatformNotSupportedException)
    {
        Console.Error.WriteLine($"The page could not be opened: {e.Message}");
    }
}
