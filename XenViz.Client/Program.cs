using Microsoft.AspNetCore.Components.WebAssembly.Hosting;
using MudBlazor.Services;
using XenViz.Client.Sessions;
using XenViz.Core.Feed;

var builder = WebAssemblyHostBuilder.CreateDefault(args);
builder.Services.AddMudServices();
builder.Services.AddSingleton<ISessions>(new HubSessions(new Uri(builder.HostEnvironment.BaseAddress)));
await builder.Build().RunAsync();
