using Microsoft.AspNetCore.Hosting.StaticWebAssets;
using MudBlazor.Services;
using XenViz.Client;
using XenViz.Server.Api;
using XenViz.Server.Assets;
using XenViz.Server.Health;
using XenViz.Server.Hubs;
using XenViz.Server.Security;
using XenViz.Server.Sessions;
using XenViz.Server.Storage;

var builder = WebApplication.CreateBuilder(args);

// A build serves its assets from the source tree, a publish has none of this manifest: one line for every environment.
StaticWebAssetsLoader.UseStaticWebAssets(builder.Environment, builder.Configuration);

builder.Services.AddMudServices();
builder.Services.AddRazorComponents().AddInteractiveServerComponents().AddInteractiveWebAssemblyComponents();
builder.Services.AddXenVizHub();
builder.Services.AddXenVizStorage();
builder.Services.AddXenVizHealth();
builder.Services.AddXenVizAssets();
builder.UseXenVizSilo();
builder.UseXenVizRequestLimits();

var app = builder.Build();

app.UseXenVizStopping();
app.UseXenVizSecurityHeaders();
app.UseXenVizAssets();
app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
app.UseAntiforgery();
app.MapStaticAssets();
app.MapXenVizHealth();
app.MapXenVizHub();
app.MapXenVizImages();
app.MapXenVizScenarios();
app.MapRazorComponents<App>()
    // The policy of SecurityHosting says the same for every answer.
    .AddInteractiveServerRenderMode(options => options.ContentSecurityFrameAncestorsPolicy = null)
    .AddInteractiveWebAssemblyRenderMode();

app.Run();
